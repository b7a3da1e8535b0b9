package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** A sweep removes what has expired, and nothing else, on every store. */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class SweepIT {

    private static final String LONG_AGO = "1000000000";
    private static final Map<String, String> MARKER = entry("placeholder", LONG_AGO);

    private final Stores.Kind kind;
    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;

    SweepIT(Stores.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
    }

    @AfterEach
    void close() {
        loop.call(store::close);
        Loop.await(vertx.close());
    }

    private void put(String key, String content, Map<String, String> metadata) {
        Guard absent = Guard.once(new Precondition.Absent());
        Buffer bytes = Buffer.buffer(content);
        loop.call(() -> store.put(key, new Body(ByteSource.of(bytes), bytes.length()), metadata, absent));
    }

    private static Map<String, String> entry(String filename, String expiration) {
        return Map.of("expiration", expiration, "filename", filename, "token_id", "url:me");
    }

    private boolean isThere(String key) {
        return loop.call(() -> store.head(key)).isPresent();
    }

    private SweepReport sweep() {
        return Loop.await(loop.start(() ->
                new Sweep(vertx, store, new StoreTime(InstantSource.system()), SweepOptionsForTests.EVERYTHING).run()));
    }

    @Test
    void removesWhatHasExpiredAndNothingElse() {
        String later = Long.toString(Instant.now().getEpochSecond() + 1000);
        put("expired-file", "content", entry("reads.fa", LONG_AGO));
        put("expired-placeholder", "{\"nonce\":1}", entry("placeholder", LONG_AGO));
        put("living-file", "content", entry("reads.fa", later));
        put("living-placeholder", "{\"nonce\":2}", entry("placeholder", later));
        put("foreign", "content", Map.of("filename", "x"));

        SweepReport report = sweep();

        assertEquals(2, report.removed(), report.summary());
        assertFalse(isThere("expired-file"));
        assertFalse(isThere("expired-placeholder"));
        assertTrue(isThere("living-file"));
        assertTrue(isThere("living-placeholder"));
        assertTrue(isThere("foreign"));
    }

    private Observation seen(String key) {
        return loop.call(() -> store.upkeep().look(key)).orElseThrow();
    }

    private Observation before(Observation sighting, Duration ago) {
        return new Observation(sighting.stored(), sighting.at().minus(ago));
    }

    @Test
    void aStrikeLandsWhileItsWindowIsOpen() {
        put("expired", "content", entry("reads.fa", LONG_AGO));
        Observation now = seen("expired");
        GuardedRemoval strikes =
                loop.call(() -> Future.succeededFuture(store.upkeep().arm(now, MARKER)));

        assertTrue(loop.call(strikes::mark));
        assertTrue(loop.call(strikes::remove));
        assertFalse(isThere("expired"));
    }

    @Test
    void aStrikeThatComesAfterItsWindowDoesNothing() {
        put("expired", "content", entry("reads.fa", LONG_AGO));
        Observation old = before(seen("expired"), store.upkeep().strikeWindow().plusSeconds(2));
        GuardedRemoval strikes =
                loop.call(() -> Future.succeededFuture(store.upkeep().arm(old, MARKER)));

        assertFalse(loop.call(strikes::mark));
        assertFalse(loop.call(strikes::remove));
        assertEquals("content".length(), seen("expired").stored().lengthBytes());
    }

    @Test
    void aStrikeSparesWhatChangedSinceTheLook() {
        put("expired", "content", entry("reads.fa", LONG_AGO));
        Observation other = seen("expired");
        Stored changed = new Stored(
                "expired",
                "\"0123456789abcdef0123456789abcdef\"",
                7,
                other.stored().metadata());
        GuardedRemoval strikes = loop.call(() ->
                Future.succeededFuture(store.upkeep().arm(new Observation(changed, other.at()), MARKER)));

        assertFalse(loop.call(strikes::mark));
        assertEquals("content".length(), seen("expired").stored().lengthBytes());
    }
}
