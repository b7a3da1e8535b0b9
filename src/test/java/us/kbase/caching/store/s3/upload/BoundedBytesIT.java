package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.S3ObjectStore;
import us.kbase.caching.store.s3.UploadMeans;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.OffHeapPool;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.FaultProxy.Fault;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** How many bytes a transfer holds while one of its ends stands still, and how long it waits in a queue; on MinIO. */
class BoundedBytesIT {

    private static final int FILE_BYTES = 64 << 20;
    private static final long PART_BYTES = 32 << 20;
    private static final long RETENTION_BYTES = 8 << 20;
    private static final int HELD_BYTES_MAX = 512 << 10;

    /** What the kernel takes for a connection on the loopback interface: tcp_wmem and tcp_rmem say how much at most. */
    private static final int SOCKET_BUFFERS_BYTES = 8 << 20;

    private static final Guard NEW = Guard.once(new Precondition.Absent());

    private final Vertx vertx = Vertx.vertx();
    private final Vertx between = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private FaultProxy proxy;
    private S3Connection bucket;

    @BeforeEach
    void start() {
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        bucket = minio.get().bucket();
        proxy = FaultProxy.before(between, bucket.endpoint());
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        Loop.await(vertx.close());
        Loop.await(between.close());
    }

    private ObjectStore store(int connections, Duration waitMax) {
        return store(connections, waitMax, RETENTION_BYTES);
    }

    private ObjectStore store(int connections, Duration waitMax, long retentionBytes) {
        S3Connection own = proxy.through(bucket).within(connections, waitMax);
        return loop.call(() -> {
            ObjectStore store = new S3ObjectStore(
                    vertx,
                    own,
                    new UploadMeans(
                            PART_BYTES,
                            new RetentionBudget(retentionBytes),
                            new UploadMemory(PART_BYTES),
                            Budget.of("transfers", 32 << 20),
                            Budget.of("answers", 32 << 20),
                            new ConnectionPools.Load(),
                            Duration.ofDays(1)));
            return store.prepare().map(store);
        });
    }

    private Future<String> put(ObjectStore store, String key, ByteSource bytes, long length) {
        return loop.start(() -> store.put(key, new Body(bytes, length), Map.of("filename", "f"), NEW));
    }

    @Test
    void noPartIsCollectedWhileTheStoreTakesNothing() {
        ObjectStore store = store(4, Duration.ofMinutes(1));
        proxy.always("^PUT .*partNumber", new Fault.Stall(0));
        TestSource source = TestSource.of(1, FILE_BYTES);
        Throwable failure = loop.failureOf(() -> store.put("key", new Body(source, FILE_BYTES), Map.of(), NEW));

        assertTrue(failure instanceof Failure.Upstream, failure.toString());
        System.out.println("taken from a source whose store stands still: " + source.givenBytes() + " bytes");
        assertTrue(source.givenBytes() <= HELD_BYTES_MAX + SOCKET_BUFFERS_BYTES, "took " + source.givenBytes());
    }

    @Test
    void besidesWhatSocketsTookFewBytesWaitForAStoreThatTakesNothing() {
        ObjectStore store = store(4, Duration.ofMinutes(1), 0);
        proxy.always("^PUT .*partNumber", new Fault.Stall(0));
        LongChunks chunks = new LongChunks();
        loop.failureOf(() -> store.put("key", new Body(chunks, FILE_BYTES), Map.of(), NEW));

        System.out.println("held for a store that stands still: " + chunks.heldBytesMost + " bytes");
        assertTrue(chunks.heldBytesMost <= HELD_BYTES_MAX, "held " + chunks.heldBytesMost);
        Await.until("they come back, and their connection with them", 5, () -> chunks.memory.pinnedDirectMemory() == 0);
    }

    /** A file of zeros in chunks as long as any that a client's socket gives, in memory of their own. */
    private static final class LongChunks implements ByteSource {
        private static final int CHUNK_BYTES = 256 << 10;

        private final OffHeapPool memory = new OffHeapPool();
        private int leftBytes = FILE_BYTES;
        private long heldBytesMost;

        @Override
        public Future<Buffer> next() {
            if (leftBytes == 0) {
                return Future.succeededFuture(END);
            }
            leftBytes -= CHUNK_BYTES;
            ByteBuf chunk = memory.directBuffer(CHUNK_BYTES, CHUNK_BYTES).writeZero(CHUNK_BYTES);
            heldBytesMost = Math.max(heldBytesMost, memory.pinnedDirectMemory());
            return Future.succeededFuture(BufferInternal.buffer(chunk));
        }

        @Override
        public void cancel() {}
    }

    @Test
    void noPartIsCollectedWhileTheStoreIsSlow() {
        ObjectStore store = store(4, Duration.ofMinutes(1));
        proxy.always("^PUT .*partNumber", new Fault.Stall(3_000_000));
        TestSource source = TestSource.of(1, FILE_BYTES);
        Throwable failure = loop.failureOf(() -> store.put("key", new Body(source, FILE_BYTES), Map.of(), NEW));

        assertTrue(failure instanceof Failure.Upstream, failure.toString());
        long ahead = source.givenBytes() - proxy.bodyBytes();
        System.out.println("taken ahead of a slow store: " + ahead + " bytes");
        assertTrue(ahead <= HELD_BYTES_MAX + SOCKET_BUFFERS_BYTES, "took " + ahead + " ahead");
    }

    @Test
    void nothingIsReadAheadForAReaderThatIsSlow() {
        ObjectStore store = store(4, Duration.ofMinutes(1));
        Loop.await(put(store, "key", TestSource.of(1, FILE_BYTES), FILE_BYTES));
        long before = proxy.replyBytes();
        Download download = loop.call(() -> store.get("key", ByteRange.ALL)).orElseThrow();
        long taken = 0;
        long most = 0;
        for (int i = 0; i < 20; i++) {
            Buffer chunk = loop.call(
                    () -> vertx.timer(100).compose(v -> download.bytes().next()));
            taken += chunk.length();
            Chunk.release(chunk);
            most = Math.max(most, proxy.replyBytes() - before - taken);
        }
        loop.call(() -> {
            download.bytes().cancel();
            return Future.succeededFuture();
        });
        System.out.println("read ahead for a slow reader: " + most + " bytes");
        assertTrue(most <= HELD_BYTES_MAX + SOCKET_BUFFERS_BYTES, "read " + most + " ahead");
    }

    @Test
    void aNewTransferWaitsForAConnectionForAWhileAndIsThenToldToComeBack() {
        ObjectStore store = store(1, Duration.ofSeconds(1));
        proxy.always("^PUT .*partNumber", new Fault.Stall(0));
        Future<String> stuck = put(store, "stuck", TestSource.of(1, FILE_BYTES), FILE_BYTES);
        Await.until("the part holds the connection", () -> proxy.injected() == 1);

        assertTrue(loop.failureOf(() -> store.get("other", ByteRange.ALL)) instanceof Failure.Busy);
        assertTrue(
                loop.failureOf(() -> put(store, "other", TestSource.of(1, FILE_BYTES), FILE_BYTES))
                        instanceof Failure.Busy);
        assertTrue(!stuck.isComplete());
    }

    @Test
    void aShortCallDoesNotWaitForATransfer() {
        ObjectStore store = store(1, Duration.ofSeconds(1));
        proxy.always("^PUT .*partNumber", new Fault.Stall(0));
        Future<String> stuck = put(store, "stuck", TestSource.of(1, FILE_BYTES), FILE_BYTES);
        Await.until("the part holds the connection", () -> proxy.injected() == 1);

        assertEquals(Optional.empty(), loop.call(() -> store.head("other")));
        loop.call(() -> store.put("other", new Body(TestSource.of(1, 10), 10), Map.of(), NEW));
        loop.call(() -> store.delete("other"));
        assertTrue(!stuck.isComplete());
    }

    @Test
    void whatHasBegunWaitsLongerForAConnectionThanSomethingNew() {
        ObjectStore store = store(1, Duration.ofSeconds(1));
        int length = 6 << 20;
        Future<String> one = put(store, "one", slow(TestSource.of(1, length)), length);
        Future<String> two = put(store, "two", slow(TestSource.of(2, length)), length);

        Loop.await(one);
        Loop.await(two);
    }

    /** About three seconds for 6 MiB, while the limit is one second. */
    private ByteSource slow(ByteSource source) {
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return vertx.timer(30).compose(v -> source.next());
            }

            @Override
            public void cancel() {
                source.cancel();
            }
        };
    }
}
