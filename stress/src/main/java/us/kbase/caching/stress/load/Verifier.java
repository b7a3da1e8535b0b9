package us.kbase.caching.stress.load;

import io.vertx.core.buffer.Buffer;
import java.util.function.LongConsumer;

/** Compares each received byte with the file's. */
final class Verifier implements Sink {

    private final Content.File file;
    private final LongConsumer verified;
    private long position;

    Verifier(Content.File file, LongConsumer verified) {
        this.file = file;
        this.verified = verified;
    }

    @Override
    public void take(Buffer chunk) {
        if (!file.matches(position, chunk)) {
            throw new CallFailed(position + chunk.length() > file.lengthBytes() ? "too many bytes" : "wrong bytes");
        }
        position += chunk.length();
        verified.accept(chunk.length());
    }

    @Override
    public void end() {
        if (position != file.lengthBytes()) {
            throw new CallFailed("bytes missing");
        }
    }
}
