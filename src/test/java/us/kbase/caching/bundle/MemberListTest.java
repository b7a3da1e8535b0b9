package us.kbase.caching.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

/** A directory as JSON. */
class MemberListTest {

    private static final int MEMBERS = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private static HandmadeZip many() {
        HandmadeZip zip = new HandmadeZip();
        for (int i = 0; i < MEMBERS; i++) {
            zip.with("file-" + i, "");
        }
        return zip;
    }

    private static int files(Buffer list) {
        return new JsonObject(list).getJsonArray("files").size();
    }

    /** A client that takes everything at once does not have it made at once. */
    @Test
    void eachPieceBehindTheFirstIsMadeInALaterTurn() {
        MemberList list = new MemberList(vertx, Archives.directory(many()));
        loop.call(() -> {
            assertTrue(list.next().isComplete());
            Future<Buffer> second = list.next();
            assertFalse(second.isComplete());
            return second;
        });
    }

    @Test
    void namesEveryMember() {
        MemberList list = new MemberList(vertx, Archives.directory(many()));
        assertEquals(MEMBERS, files(loop.call(() -> list.collect(bytes -> {}))));
    }

    @Test
    void ofNothingIsEmpty() {
        MemberList list = new MemberList(vertx, Archives.directory(new HandmadeZip()));
        assertEquals(0, files(loop.call(() -> list.collect(bytes -> {}))));
    }

    @Test
    void endsWhenItIsGivenUp() {
        MemberList list = new MemberList(vertx, Archives.directory(many()));
        Buffer behind = loop.call(() -> list.next().compose(first -> {
            Future<Buffer> second = list.next();
            list.cancel();
            return second;
        }));
        assertEquals(0, behind.length());
    }
}
