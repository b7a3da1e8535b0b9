package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.stream.ByteSource;

/** A source that gives, ends and breaks when the test says so. */
public final class LateSource implements ByteSource {

    private @Nullable Promise<Buffer> asked;
    private Consumer<Throwable> told = cause -> {};
    private int questions;
    private int cancels;

    @Override
    public Future<Buffer> next() {
        if (isAsked()) {
            throw new IllegalStateException("asked twice at once");
        }
        questions++;
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        return promise.future();
    }

    @Override
    public void whenBroken(Consumer<Throwable> listener) {
        told = listener;
    }

    @Override
    public void cancel() {
        cancels++;
    }

    /** Answers the open question. */
    public void give(Buffer chunk) {
        taken().complete(chunk);
    }

    /** The same with a text. */
    public void give(String text) {
        give(Buffer.buffer(text));
    }

    /** Answers the open question with the end. */
    public void end() {
        give(END);
    }

    /** Breaks: fails the open question if there is one, and tells who listens. */
    public void breakOff(Throwable cause) {
        if (isAsked()) {
            taken().fail(cause);
        }
        told.accept(cause);
    }

    private Promise<Buffer> taken() {
        Promise<Buffer> promise = asked;
        asked = null;
        if (promise == null) {
            throw new IllegalStateException("nobody asked");
        }
        return promise;
    }

    /** Whether a question is open. */
    public boolean isAsked() {
        return asked != null;
    }

    /** How often it was asked. */
    public int questions() {
        return questions;
    }

    /** How often it was given up. */
    public int cancels() {
        return cancels;
    }
}
