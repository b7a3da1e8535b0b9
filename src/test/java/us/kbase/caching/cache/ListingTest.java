package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;

/** What one call examines, and how it goes on. */
class ListingTest {

    private static final String ME = "url:me";
    private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_700_000_000);

    private final MemoryBucket bucket = new MemoryBucket(CLOCK);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger underWayMax = new AtomicInteger();
    private final AtomicInteger heads = new AtomicInteger();
    private Vertx vertx;
    private Loop loop;
    private Listing listing;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        ObjectStore counted = bucket.view(new MemoryBucket.Turn() {
            @Override
            public <T> Future<T> take(Supplier<Future<T>> call) {
                heads.incrementAndGet();
                underWayMax.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                return vertx.timer(1).compose(v -> {
                    underWay.decrementAndGet();
                    return call.get();
                });
            }
        });
        listing = new Listing(counted, new EntryReader(counted, CLOCK));
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private void put(String key, String owner, String filename, long expires) {
        ObjectStore store = bucket.view(MemoryBucket.Turn.AT_ONCE);
        Map<String, String> metadata =
                Map.of("expiration", Long.toString(expires), "filename", filename, "token_id", owner);
        Buffer bytes = Buffer.buffer("content");
        Loop.await(store.put(
                key, new Body(ByteSource.of(bytes), bytes.length()), metadata, Guard.once(new Precondition.Absent())));
    }

    private void file(String key, String owner) {
        put(key, owner, "f", 1_800_000_000);
    }

    private Listing.Found page(String after, String prefix, int limit) {
        return loop.call(() -> listing.page(new Listing.Query(after, prefix, limit, ME::equals)));
    }

    @Test
    void onePageExaminesAThousandKeysWithThirtyTwoLooksUnderWay() {
        for (int i = 0; i < 1500; i++) {
            file("%04d".formatted(i), i % 2 == 0 ? ME : "url:you");
        }
        Listing.Found first = page("", "", 1000);
        assertEquals(500, first.entries().size());
        assertEquals(1000, heads.get());
        assertEquals(32, underWayMax.get());
        Listing.Found second = page(Listing.keyOf(first.cursor().orElseThrow()), "", 1000);
        assertEquals(250, second.entries().size());
        assertEquals(Optional.empty(), second.cursor());
    }

    @Test
    void aPageMayHoldNothingAndACursor() {
        for (int i = 0; i < 1001; i++) {
            file("%04d".formatted(i), i == 1000 ? ME : "url:you");
        }
        Listing.Found first = page("", "", 10);
        assertEquals(List.of(), first.entries());
        assertEquals(
                List.of("1000"),
                page(Listing.keyOf(first.cursor().orElseThrow()), "", 10).entries().stream()
                        .map(EntryView::id)
                        .toList());
    }

    @Test
    void smallPagesTogetherShowEveryEntryOnceAndInOrder() {
        for (int i = 0; i < 100; i++) {
            file("%04d".formatted(i), ME);
        }
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            Listing.Found page = page(cursor.get().isEmpty() ? "" : Listing.keyOf(cursor.get()), "", 7);
            assertTrue(page.entries().size() <= 7);
            page.entries().forEach(shown -> seen.add(shown.id()));
            cursor = page.cursor();
        }
        assertEquals(100, seen.size());
        assertEquals(seen.stream().sorted().distinct().toList(), seen);
    }

    @Test
    void onlyLivingEntriesOfOursAreShown() {
        file("file", ME);
        put("placeholder", ME, "placeholder", 1_800_000_000);
        put("expired", ME, "f", 1_600_000_000);
        put("no id: a path/of/another", ME, "f", 1_800_000_000);
        put("foreign", ME, "", 1_800_000_000);
        Listing.Found found = page("", "", 10);
        assertEquals(
                List.of("file READY 7 f", "placeholder PLACEHOLDER 0 placeholder"),
                found.entries().stream()
                        .map(s -> s.id() + " " + s.state() + " " + s.lengthBytes() + " " + s.filename())
                        .toList());
    }
}
