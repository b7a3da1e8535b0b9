package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** Prefixes and cursors on every store: each has ideas of its own about the key to begin behind. */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class ListingIT {

    private static final String ME = "url:me";
    private static final List<String> KEYS =
            List.of("-1", "00", "0a", "0f", "1", "A", "Z9", "_x", "a", "a0", "ab", "abc", "b", "f".repeat(128), "z");

    @Parameter
    Stores.Kind kind;

    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
        Map<String, String> metadata = Map.of("expiration", "9999999999", "filename", "f", "token_id", ME);
        Buffer bytes = Buffer.buffer("content");
        KEYS.forEach(key -> loop.call(() -> store.put(
                key, new Body(ByteSource.of(bytes), bytes.length()), metadata, Guard.once(new Precondition.Absent()))));
    }

    @AfterEach
    void close() {
        loop.call(store::close);
        Loop.await(vertx.close());
    }

    private Listing.Found page(String after, String prefix, int limit) {
        Listing listing = new Listing(store, new EntryReader(store, InstantSource.system()));
        return loop.call(() -> listing.page(new Listing.Query(after, prefix, limit, ME::equals)));
    }

    private List<String> ids(Listing.Found found) {
        return found.entries().stream().map(EntryView::id).toList();
    }

    @Test
    void everyPrefixShowsWhatBeginsWithItAndNothingElse() {
        for (String prefix :
                List.of("", "-", "0", "0a", "1", "A", "Z", "_", "a", "ab", "abc", "abcd", "f", "z", "zz")) {
            assertEquals(
                    KEYS.stream().filter(key -> key.startsWith(prefix)).toList(), ids(page("", prefix, 100)), prefix);
        }
    }

    @Test
    void aCursorGoesOnBehindTheLastEntryAlsoUnderAPrefix() {
        Listing.Found first = page("", "a", 2);
        assertEquals(List.of("a", "a0"), ids(first));
        Listing.Found second = page(Listing.keyOf(first.cursor().orElseThrow()), "a", 2);
        assertEquals(List.of("ab", "abc"), ids(second));
        assertEquals(Optional.empty(), second.cursor());
    }
}
