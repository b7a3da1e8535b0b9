package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/**
 * Reads a bundle's directory by ranges: its tail in one read, and the directory in a second where that begins before the tail. What is
 * held is paid for before it is read. Event loop only.
 */
public final class BundleReader {

    private final Vertx vertx;
    private final Budget budget;
    private final Duration waitMax;

    /**
     * Pays from that budget.
     *
     * @param waitMax for memory
     */
    public BundleReader(Vertx vertx, Budget budget, Duration waitMax) {
        this.vertx = vertx;
        this.budget = budget;
        this.waitMax = waitMax;
    }

    /** Bytes of one version of a result, whatever becomes of the entry meanwhile. */
    @FunctionalInterface
    public interface Ranges {
        /** Opens a range; fails with {@link us.kbase.caching.store.Conflict} once the entry is another version. */
        Future<Download> read(ByteRange range);
    }

    /** A directory in memory; whoever gets it gives the payment back when it is no longer used. */
    public record Held(Directory directory, Budget.Payment payment) {}

    /** Bytes of the file's end, and the file's length. */
    private record Tail(byte[] bytes, long totalBytes) {}

    /**
     * Reads a directory on behalf of a user.
     *
     * @return fails with {@link Failure.NotABundle} for what is no ZIP file, with nothing held
     */
    public Future<Held> directory(Ranges ranges, String user) {
        return budget.take(vertx, EndRecord.TAIL_BYTES, user, waitMax)
                .compose(paid -> tail(ranges)
                        .compose(tail -> directory(ranges, tail, paid, user))
                        .onFailure(cause -> paid.giveBack()));
    }

    private static Future<Tail> tail(Ranges ranges) {
        return ranges.read(new ByteRange(-EndRecord.TAIL_BYTES, Long.MAX_VALUE))
                .recover(cause -> Future.failedFuture(
                        cause instanceof Failure.RangeNotSatisfiable
                                ? new Failure.NotABundle("The result is empty, so there are no files in it")
                                : cause))
                .compose(download -> held(download, EndRecord.TAIL_BYTES)
                        .map(bytes -> new Tail(bytes, download.stored().lengthBytes())));
    }

    private Future<Held> directory(Ranges ranges, Tail tail, Budget.Payment paid, String user) {
        EndRecord end = EndRecord.of(tail.bytes(), tail.totalBytes());
        long from = end.directoryStart() - (tail.totalBytes() - tail.bytes().length);
        if (from >= 0) {
            return parsed(tail.bytes(), (int) from, end, paid);
        }
        paid.giveBack(); // nobody may wait for memory while holding some that others wait for
        return budget.take(vertx, end.directoryBytes(), user, waitMax)
                .compose(more -> whole(ranges, end)
                        .compose(bytes -> parsed(bytes, 0, end, more))
                        .onFailure(cause -> more.giveBack()));
    }

    /** Thousands of members are too many for an event loop's turn. Nobody changes the bytes, which stay paid for meanwhile. */
    @SuppressWarnings("NullAway") // a directory is never null, which the annotation of executeBlocking cannot say
    private Future<Held> parsed(byte[] bytes, int from, EndRecord end, Budget.Payment paid) {
        return vertx.executeBlocking(() -> new Held(Directory.of(bytes, from, end), paid), false);
    }

    private static Future<byte[]> whole(Ranges ranges, EndRecord end) {
        long last = end.directoryStart() + end.directoryBytes() - 1;
        return ranges.read(new ByteRange(end.directoryStart(), last))
                .compose(download -> held(download, end.directoryBytes()));
    }

    /**
     * Finds where a member's bytes begin by its own header.
     *
     * @param endMax where they have to end
     */
    public static Future<Long> dataStart(Ranges ranges, Member member, long endMax) {
        int bytes = LocalHeader.BYTES + member.rawName().length();
        return ranges.read(new ByteRange(member.offset(), member.offset() + bytes - 1))
                .compose(download -> held(download, bytes))
                .map(head -> {
                    LocalHeader.check(head, member);
                    long start = member.offset() + LocalHeader.wholeBytes(head);
                    if (start + member.keptBytes() > endMax) {
                        throw Fields.damaged("the file " + member.shownPath() + " reaches into the next");
                    }
                    return start;
                });
    }

    /** Reads a download of at most that many bytes into one array. */
    private static Future<byte[]> held(Download download, int bytesMax) {
        ByteSource source = download.bytes();
        if (download.lengthBytes() > bytesMax) {
            source.cancel();
            return Future.failedFuture(new Failure.Upstream("The store gave more bytes than were asked for", null));
        }
        Filled filled = new Filled(new byte[(int) download.lengthBytes()]);
        return Pump.run(source, filled::add).compose(v -> filled.whole()).onFailure(cause -> source.cancel());
    }

    private static final class Filled {
        private final byte[] bytes;
        private int length;

        Filled(byte[] bytes) {
            this.bytes = bytes;
        }

        Future<Void> add(Buffer chunk) {
            int count = chunk.length();
            boolean fits = count <= bytes.length - length;
            if (fits) {
                chunk.getBytes(bytes, length);
                length += count;
            }
            Chunk.release(chunk);
            return fits
                    ? Future.succeededFuture()
                    : Future.failedFuture(new Failure.Upstream("The store gave more than it promised", null));
        }

        Future<byte[]> whole() {
            return length == bytes.length
                    ? Future.succeededFuture(bytes)
                    : Future.failedFuture(new Failure.Upstream("The store gave less than it promised", null));
        }
    }
}
