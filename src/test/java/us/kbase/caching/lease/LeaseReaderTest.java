package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.ScriptedSource;
import us.kbase.caching.testing.WatchedStore;

/** What is read again: the store repeats its calls, and only bytes that it gave away already are asked for once more. */
class LeaseReaderTest {

    private static final CacheId ID = new CacheId("id");
    private static final Stored STORED = new Stored("id", "\"etag\"", 2, Map.of());
    private static final Failure.Upstream BROKEN = new Failure.Upstream("The object store broke off a download", null);

    private final AtomicInteger reads = new AtomicInteger();
    private final Deque<Future<Optional<Download>>> answers = new ArrayDeque<>();
    private final LeaseReader reader = new LeaseReader(
            new WatchedStore(new MemoryBucket(InstantSource.system()).view(MemoryBucket.Turn.AT_ONCE)) {
                @Override
                public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
                    reads.incrementAndGet();
                    return answers.remove();
                }
            },
            InstantSource.system());

    private void gives(ByteSource bytes) {
        answers.add(Future.succeededFuture(Optional.of(new Download(STORED, 0, 2, bytes))));
    }

    private static ByteSource broken() {
        return ScriptedSource.broken(Buffer.buffer("{}"), 1, BROKEN);
    }

    @Test
    void aCallThatFailedIsNotRepeatedHere() {
        answers.addAll(List.of(Future.failedFuture(BROKEN), Future.succeededFuture(Optional.empty())));

        assertSame(BROKEN, Await.failure(Failure.Upstream.class, reader.read(ID)));
        assertEquals(1, reads.get());
    }

    @Test
    void aNoteThatBreaksOffIsReadOnceMore() {
        gives(broken());
        gives(ByteSource.of(Buffer.buffer("{}")));

        Await.result(reader.read(ID));
        assertEquals(2, reads.get());
    }

    @Test
    void aNoteThatBreaksOffTwiceFails() {
        gives(broken());
        gives(broken());

        assertSame(BROKEN, Await.failure(Failure.Upstream.class, reader.read(ID)));
        assertEquals(2, reads.get());
    }
}
