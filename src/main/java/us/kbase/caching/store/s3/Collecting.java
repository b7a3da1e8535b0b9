package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.store.Pump;
import us.kbase.caching.transit.Chunk;

/**
 * Bodies that must be in memory before they can be sent. Their bytes are paid for out of a budget that all uploads share, as
 * they arrive (docs/adr/0018). One per event loop.
 */
final class Collecting {

    private static final long PART_BYTES = 8 << 20;
    private static final int PARTS_MAX = 10_000;
    private static final int DOUBLE_EVERY_PARTS = 2000;
    private static final int DOUBLINGS_MAX = 3;

    private final Vertx vertx;
    private final StepBudget budget;
    private final Duration waitMax;
    private final long leftForPartsBytes;

    Collecting(Vertx vertx, StepBudget budget, Duration waitMax) {
        this.vertx = vertx;
        this.budget = budget;
        this.waitMax = waitMax;
        long longestSingle = PartPlan.PART_BYTES_MIN + Body.SLACK_BYTES;
        this.leftForPartsBytes = Math.clamp(budget.bytes() - longestSingle, 0, PART_BYTES);
    }

    /**
     * Sends a body of unknown length part by part; each is collected, sent and given back before the next. Waits for room,
     * and fails with {@code Busy} when that takes too long, or as the body does when it breaks meanwhile.
     */
    Future<Void> parts(MultipartUpload upload, Cutter cutter) {
        return part(upload, cutter, 1);
    }

    private Future<Void> part(MultipartUpload upload, Cutter cutter, int number) {
        int doublings = Math.min(DOUBLINGS_MAX, (number - 1) / DOUBLE_EVERY_PARTS);
        long size = Math.min(PART_BYTES << doublings, budget.bytes());
        HeldBytes held = new HeldBytes(budget.share(size));
        Part part = new Part(cutter, number, size, held);
        return Pump.run(cutter.atMost(size), chunk -> keep(part, chunk).onComplete(kept -> Chunk.release(chunk)))
                .compose(v -> held.length() == 0 ? Future.succeededFuture() : sent(upload, number, held))
                .map(v -> held.length() < size)
                .onComplete(done -> held.release())
                .compose(last -> last ? Future.succeededFuture() : part(upload, cutter, number + 1));
    }

    private static Future<Void> sent(MultipartUpload upload, int number, HeldBytes held) {
        held.share().needsNoMore();
        return number > PARTS_MAX
                ? Future.failedFuture(new Failure.TooLarge(
                        "The upload is too long for one of unknown length; send it with a Content-Length"))
                : upload.memory(number, held.source(), held.length());
    }

    private record Part(Cutter cutter, int number, long lengthBytes, HeldBytes held) {}

    private Future<Void> keep(Part part, Buffer chunk) {
        Buffer rest = part.held().fill(chunk);
        if (rest.length() == 0) {
            return Future.succeededFuture();
        }
        int step = (int)
                Math.min(HeldBytes.PIECE_BYTES, part.lengthBytes() - part.held().length());
        return room(part, step).compose(v -> {
            part.held().add(step);
            return keep(part, rest);
        });
    }

    private Future<Void> room(Part part, int step) {
        Promise<Void> granted = ((ContextInternal) vertx.getOrCreateContext()).promise();
        StepBudget.Share share = part.held().share();
        if (share.grow(step, granted::tryComplete)) {
            return Future.succeededFuture();
        }
        boolean begun = part.number() > 1 || part.held().length() > 0;
        long timer = vertx.setTimer(
                (begun ? Patience.underWay(waitMax) : waitMax).toMillis(),
                id -> leave(share, granted, new Failure.Busy("No memory to collect this upload now; try again later")));
        part.cutter().whenBroken(cause -> leave(share, granted, cause));
        return granted.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            part.cutter().whenBroken(cause -> {});
        });
    }

    private static void leave(StepBudget.Share share, Promise<Void> granted, Throwable cause) {
        if (share.withdraw()) {
            granted.tryFail(cause);
        }
    }

    /**
     * Collects a body while there is room beyond one part, which those keep who have no other way. It is whole when the cutter
     * saw its end; else the cutter goes on behind what is held. The caller releases it.
     */
    Future<HeldBytes> whileRoom(Cutter cutter) {
        HeldBytes held = new HeldBytes(budget.share(0));
        WhileRoom source = new WhileRoom(cutter, held);
        return Pump.run(source, source::keep).map(held).onFailure(cause -> held.release());
    }

    private final class WhileRoom implements ByteSource {
        private final Cutter cutter;
        private final ByteSource all;
        private final HeldBytes held;
        private boolean full;

        WhileRoom(Cutter cutter, HeldBytes held) {
            this.cutter = cutter;
            this.all = cutter.atMost(Long.MAX_VALUE);
            this.held = held;
        }

        @Override
        public Future<Buffer> next() {
            full |= !held.hasRoom() && !grown(); // what there is no room for stays with its sender
            return full ? Future.succeededFuture(END) : all.next();
        }

        private boolean grown() {
            boolean granted = held.share().tryGrow(HeldBytes.PIECE_BYTES, leftForPartsBytes);
            if (granted) {
                held.add(HeldBytes.PIECE_BYTES);
            }
            return granted;
        }

        Future<Void> keep(Buffer chunk) {
            Buffer rest = held.fill(chunk);
            while (rest.length() > 0 && grown()) {
                rest = held.fill(rest);
            }
            if (rest.length() > 0) {
                full = true;
                cutter.unread(rest);
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
