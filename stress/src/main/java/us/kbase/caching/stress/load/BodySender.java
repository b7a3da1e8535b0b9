package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.util.function.LongConsumer;

/** Writes a payload as fast as the socket takes it, or at a pace. */
final class BodySender {

    private static final int WHOLE_BYTES_MAX = 32 * 1024;

    private final Vertx vertx;
    private final HttpClientRequest out;
    private final Payload payload;
    private final Pace pace;
    private final LongConsumer moved;
    private final Promise<Void> done = Promise.promise();
    private long position;

    BodySender(Vertx vertx, HttpClientRequest out, Payload payload, Pace pace, LongConsumer moved) {
        this.vertx = vertx;
        this.out = out;
        this.payload = payload;
        this.pace = pace;
        this.moved = moved;
    }

    Future<Void> send() {
        long length = payload.lengthBytes();
        if (length == 0) {
            return out.end();
        }
        out.putHeader("Content-Length", Long.toString(length));
        out.exceptionHandler(done::tryFail);
        if (length <= WHOLE_BYTES_MAX && pace.isFull()) {
            return whole((int) length);
        }
        if (payload.before().length() > 0) {
            watch(out.write(payload.before()));
        }
        if (pace.isFull()) {
            out.drainHandler(v -> fill());
            fill();
        } else {
            trickle();
        }
        return done.future();
    }

    /** A small body is one buffer, hence one system call. */
    private Future<Void> whole(int length) {
        Buffer all = Buffer.buffer(length).appendBuffer(payload.before());
        payload.file().filter(file -> file.lengthBytes() > 0).ifPresent(file -> {
            Buffer bytes = file.slice(0, WHOLE_BYTES_MAX);
            all.appendBytes(bytes.getBytes());
            moved.accept(bytes.length());
        });
        return out.end(all.appendBuffer(payload.after()));
    }

    private void fill() {
        while (!done.future().isComplete() && !out.writeQueueFull()) {
            if (position >= payload.fileBytes()) {
                finish();
                return;
            }
            writeSlice(Content.SLICE_BYTES_MAX);
        }
    }

    private void trickle() {
        if (done.future().isComplete()) {
            return;
        }
        if (position >= payload.fileBytes()) {
            finish();
            return;
        }
        if (!out.writeQueueFull()) {
            writeSlice(pace.sliceBytes());
        }
        vertx.setTimer(pace.millisPerSlice(), id -> trickle());
    }

    private void writeSlice(int limit) {
        Buffer slice = payload.file().orElseThrow().slice(position, limit);
        position += slice.length();
        moved.accept(slice.length());
        watch(out.write(slice));
    }

    private void finish() {
        out.end(payload.after()).onSuccess(v -> done.tryComplete()).onFailure(done::tryFail);
    }

    private void watch(Future<Void> write) {
        write.onFailure(done::tryFail);
    }
}
