package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.SteppedStore;

class EntryReaderTest {

    private static final CacheId ID = new CacheId("job");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final long TODAY = NOW.getEpochSecond() / 86_400;

    private final ObjectStore store = new MemoryBucket(() -> NOW).view(MemoryBucket.Turn.AT_ONCE);

    private Future<String> put(String expiration) {
        Buffer bytes = Buffer.buffer("the same bytes");
        return store.put(
                ID.value(),
                new Body(ByteSource.of(bytes), bytes.length()),
                Map.of("expiration", expiration, "filename", "f", "token_id", "url:me"),
                Guard.once(new Precondition.Absent()));
    }

    /** Found by the simulation: the old object's metadata and the new one's missing day together look expired. */
    @Test
    void aResultThatWasReplacedWhileItsLastUseWasReadHasNotExpired() {
        Loop.await(put("1"));
        Loop.await(store.upkeep().used(ID.value(), TODAY));
        AtomicBoolean replaced = new AtomicBoolean();
        ObjectStore slow = new SteppedStore(
                store,
                (step, key) -> step.equals("lastUsed") && replaced.compareAndSet(false, true)
                        ? store.delete(key).compose(v -> put("99999999999")).mapEmpty()
                        : Future.succeededFuture());
        Entry.File file = assertInstanceOf(Entry.File.class, Loop.await(new EntryReader(slow, () -> NOW).read(ID)));
        assertEquals(99_999_999_999L, file.expiresEpochSeconds());
    }

    @Test
    void aResultThatNobodyUsedHasExpired() {
        Loop.await(put("1"));
        assertInstanceOf(Entry.Expired.class, Loop.await(new EntryReader(store, () -> NOW).read(ID)));
    }
}
