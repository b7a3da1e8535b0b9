package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.OnBehalf;
import us.kbase.caching.store.s3.client.CallTimeouts;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/**
 * Collects bodies whose length is unknown into parts in memory, since S3 wants a part's length before its bytes. The bytes are paid
 * for as they arrive, out of a budget that all uploads share (docs/adr/0018). One per event loop.
 */
public final class UnsizedUpload {

    private static final long PART_BYTES = 8 << 20;
    private static final int FIRST_BYTES = 64 * 1024;
    private static final int PARTS_MAX = 10_000;
    private static final int DOUBLE_EVERY_PARTS = 2000;
    private static final int DOUBLINGS_MAX = 3;

    private final Vertx vertx;
    private final UploadMemory budget;
    private final Duration waitMax;
    private final long leftForPartsBytes;

    public UnsizedUpload(Vertx vertx, UploadMemory budget, Duration waitMax) {
        this.vertx = vertx;
        this.budget = budget;
        this.waitMax = waitMax;
        long longestSingle = PartPlan.PART_BYTES_MIN + Body.SLACK_BYTES;
        this.leftForPartsBytes = Math.clamp(budget.bytes() - longestSingle, 0, PART_BYTES);
    }

    /**
     * Begins with a body of unknown length: collects its first 64 KiB. Waits for room, and fails with {@code Busy} when that takes too
     * long, or as the body does when it breaks meanwhile. Whoever gets the part releases what it holds.
     */
    public Future<Part> begin(BodySplitter splitter) {
        return collect(part(splitter, 1), FIRST_BYTES);
    }

    /** Sends such a body part by part; each is collected, sent and given back before the next. */
    public Future<Void> parts(MultipartUpload upload, Part begun) {
        AtomicReference<Part> next = new AtomicReference<>(begun);
        return Steps.whileMore(() -> {
            Part part = next.get();
            return collect(part, part.lengthBytes())
                    .compose(collected -> sent(upload, collected))
                    .onComplete(done -> part.held().release())
                    .map(v -> {
                        if (!part.ended()) {
                            next.set(part(part.splitter(), part.number() + 1));
                        }
                        return next.get() != part;
                    });
        });
    }

    private Part part(BodySplitter splitter, int number) {
        int doublings = Math.min(DOUBLINGS_MAX, (number - 1) / DOUBLE_EVERY_PARTS);
        long size = Math.min(PART_BYTES << doublings, budget.bytes());
        return new Part(splitter, number, size, new HeldBody(budget.share(size, OnBehalf.user())));
    }

    private Future<Part> collect(Part part, long lengthBytes) {
        ByteSource missing = part.splitter().atMost(lengthBytes - part.held().length());
        return Pump.run(missing, chunk -> keep(part, chunk).onComplete(kept -> Chunk.release(chunk)))
                .map(part)
                .onFailure(cause -> part.held().release());
    }

    private static Future<Void> sent(MultipartUpload upload, Part part) {
        part.held().share().needsNoMore();
        if (part.held().length() == 0) {
            return Future.succeededFuture();
        }
        return part.number() > PARTS_MAX
                ? Future.failedFuture(new Failure.TooLarge(
                        "The upload is too long for one of unknown length; send it with a Content-Length"))
                : upload.memory(part.number(), part.held().source(), part.held().length());
    }

    /** A part of a body that is in memory, or on its way there. */
    public record Part(BodySplitter splitter, int number, long lengthBytes, HeldBody held) {

        /** Whether nothing follows it. */
        public boolean ended() {
            return splitter.ended();
        }
    }

    private Future<Void> keep(Part part, Buffer chunk) {
        AtomicReference<Buffer> rest = new AtomicReference<>(chunk);
        return Steps.whileMore(() -> {
            rest.set(part.held().fill(rest.get()));
            if (rest.get().length() == 0) {
                return Future.succeededFuture(false);
            }
            int step = (int) Math.min(
                    HeldBody.PIECE_BYTES, part.lengthBytes() - part.held().length());
            return room(part, step).map(v -> {
                part.held().add(step);
                return true;
            });
        });
    }

    private Future<Void> room(Part part, int step) {
        Promise<Void> granted = CallersContext.promise();
        UploadMemory.Share share = part.held().share();
        if (share.grow(step, granted::tryComplete)) {
            return Future.succeededFuture();
        }
        boolean begun = part.number() > 1 || part.held().length() > 0;
        long timer = vertx.setTimer(
                (begun ? CallTimeouts.underWay(waitMax) : waitMax).toMillis(),
                id -> leave(share, granted, new Failure.Busy("No memory to collect this upload now; try again later")));
        part.splitter().whenBroken(cause -> leave(share, granted, cause));
        return granted.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            part.splitter().whenBroken(cause -> {});
        });
    }

    private static void leave(UploadMemory.Share share, Promise<Void> granted, Throwable cause) {
        if (share.withdraw()) {
            granted.tryFail(cause);
        }
    }

    /**
     * Collects a body while there is room beyond one part, which those keep who have no other way. It is whole when the splitter
     * saw its end; else the splitter goes on behind what is held. The caller releases it.
     *
     * @param lengthMaxBytes the most that can come
     */
    public Future<HeldBody> whileRoom(BodySplitter splitter, long lengthMaxBytes) {
        HeldBody held = new HeldBody(budget.share(0, OnBehalf.user()));
        WhileRoom source = new WhileRoom(splitter, held, lengthMaxBytes);
        return Pump.run(source, source::keep).map(held).onFailure(cause -> held.release());
    }

    private final class WhileRoom implements ByteSource {
        private final BodySplitter splitter;
        private final ByteSource all;
        private final HeldBody held;
        private final long lengthMaxBytes;
        private boolean full;

        WhileRoom(BodySplitter splitter, HeldBody held, long lengthMaxBytes) {
            this.lengthMaxBytes = lengthMaxBytes;
            this.splitter = splitter;
            this.all = splitter.atMost(Long.MAX_VALUE);
            this.held = held;
        }

        @Override
        public Future<Buffer> next() {
            full |= !held.hasRoom() && !grown(); // what there is no room for stays with its sender
            return full ? Future.succeededFuture(END) : all.next();
        }

        private boolean grown() {
            if (held.length() >= lengthMaxBytes) {
                return true; // only the end can come
            }
            int piece = HeldBody.pieceBytes(lengthMaxBytes - held.length());
            boolean granted = held.share().tryGrow(piece, leftForPartsBytes);
            if (granted) {
                held.add(piece);
            }
            return granted;
        }

        Future<Void> keep(Buffer chunk) {
            Buffer rest = held.fill(chunk);
            while (rest.length() > 0 && held.length() < lengthMaxBytes && grown()) {
                rest = held.fill(rest);
            }
            if (rest.length() > 0) {
                full = true;
                splitter.unread(rest);
            } else {
                Chunk.release(chunk);
            }
            return Future.succeededFuture();
        }

        @Override
        public void cancel() {
            all.cancel();
        }
    }
}
