package us.kbase.caching.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.stream.ByteSource;

/**
 * A download whose store stream can be replaced in the middle. A reader that takes nothing for a while gives the stream back,
 * since MinIO makes everybody who changes that object wait for it; when the reader goes on, the rest is read under the
 * condition that the object is still the same (docs/adr/0010). A stream that the store cuts is replaced in the same way, once:
 * a second failure without a byte between them, or a changed object, ends the download.
 *
 * <p>A reader that stalled gets the rest a window at a time, each twice as long as the one before, for MinIO reads a stream that is given
 * back to the end of what was asked for: with the whole rest in each stream, a slow reader costs the disk the square of the file. Event
 * loop only.
 */
public final class ResumedDownload implements ByteSource {

    /** How long a stream is kept for a reader that takes nothing. */
    public static final Duration HELD = Duration.ofSeconds(5);

    private static final long PAUSE_MILLIS = 250;
    private static final long WINDOW_BYTES_MIN = 1 << 20;

    private final Vertx vertx;
    private final ObjectStore store;
    private final Stored stored;
    private final long heldMillis;
    private final long end;
    private long position;
    private long windowBytes = Long.MAX_VALUE;

    /** Where the present stream ends. */
    private long streamEnd;

    private long failedAt = -1;
    private @Nullable ByteSource stream;
    private boolean asked;
    private boolean cancelled;
    private long givenAtNanos;
    private long timer = -1;

    /**
     * Takes over a download that was just opened.
     *
     * @param held how long its stream is kept for a reader that takes nothing
     */
    public ResumedDownload(Vertx vertx, ObjectStore store, Download opened, Duration held) {
        this.vertx = vertx;
        this.store = store;
        this.stored = opened.stored();
        this.heldMillis = held.toMillis();
        this.position = opened.startBytes();
        this.end = opened.startBytes() + opened.lengthBytes();
        this.streamEnd = end;
        this.stream = opened.bytes();
    }

    @Override
    public Future<Buffer> next() {
        asked = true;
        return (position >= end ? finish() : read()).onComplete(done -> asked = false);
    }

    /** All bytes were given: the store's own end only frees its connection. */
    private Future<Buffer> finish() {
        vertx.cancelTimer(timer);
        ByteSource last = stream;
        return last == null
                ? Future.succeededFuture(END)
                : last.next().transform(ignored -> {
                    giveBack();
                    return Future.succeededFuture(END);
                });
    }

    private Future<Buffer> read() {
        return Steps.until(this::tried);
    }

    /** The next bytes; nothing when they are to be asked for once more. */
    private Future<Optional<Buffer>> tried() {
        ByteSource open = stream;
        Future<Buffer> bytes = open == null ? reopen().compose(ByteSource::next) : open.next();
        return bytes.transform(done -> {
            if (done.failed()) {
                return again(done.cause());
            }
            Buffer chunk = done.result();
            return ByteSource.isEnd(chunk) ? ended() : Future.succeededFuture(Optional.of(given(chunk)));
        });
    }

    private Future<Optional<Buffer>> ended() {
        if (position < streamEnd) {
            return again(new Failure.Upstream("The store gave less than it promised", null));
        }
        stream = null;
        windowBytes *= 2;
        return Future.succeededFuture(Optional.empty());
    }

    private Buffer given(Buffer chunk) {
        position += chunk.length();
        givenAtNanos = System.nanoTime();
        if (timer < 0 && !cancelled) {
            timer = vertx.setTimer(heldMillis, id -> look());
        }
        return chunk;
    }

    private Future<Optional<Buffer>> again(Throwable cause) {
        giveBack();
        if (cause instanceof Conflict) {
            return Future.failedFuture(new Failure.Upstream("The file changed while it was read", cause));
        }
        if (cancelled || failedAt == position || !(cause instanceof Failure.Upstream)) {
            return Future.failedFuture(cause);
        }
        failedAt = position;
        return vertx.timer(PAUSE_MILLIS).map(Optional.empty());
    }

    private Future<ByteSource> reopen() {
        streamEnd = position + Math.min(windowBytes, end - position);
        return store.get(stored.key(), new ByteRange(position, streamEnd - 1), Optional.of(stored.etag()))
                .compose(found -> {
                    Download rest = found.orElseThrow(Conflict::new);
                    ByteSource bytes = rest.bytes();
                    if (!isRest(rest)) {
                        bytes.cancel();
                        return Future.failedFuture(
                                new Failure.Upstream("The store gave other bytes than the rest of the file", null));
                    }
                    if (cancelled) {
                        bytes.cancel();
                        return Future.failedFuture(new Failure.ClientGone(null));
                    }
                    stream = bytes;
                    return Future.succeededFuture(bytes);
                });
    }

    private boolean isRest(Download rest) {
        return rest.stored().etag().equals(stored.etag())
                && rest.stored().lengthBytes() == stored.lengthBytes()
                && rest.startBytes() == position
                && rest.lengthBytes() == streamEnd - position;
    }

    private void look() {
        timer = -1;
        if (asked || stream == null) {
            return; // the next bytes that are given begin anew
        }
        long idleMillis = Duration.ofNanos(System.nanoTime() - givenAtNanos).toMillis();
        if (idleMillis >= heldMillis) {
            windowBytes = WINDOW_BYTES_MIN;
            giveBack();
        } else {
            timer = vertx.setTimer(heldMillis - idleMillis, id -> look());
        }
    }

    private void giveBack() {
        ByteSource open = stream;
        stream = null;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        vertx.cancelTimer(timer);
        giveBack();
    }
}
