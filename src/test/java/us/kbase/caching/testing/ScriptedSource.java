package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import us.kbase.caching.stream.ByteSource;

/** A source of chosen chunks that counts what is asked of it. Answers at once, which is the hardest on the caller's stack. */
public final class ScriptedSource implements ByteSource {

    private final Iterator<Buffer> chunks;
    private final Future<Buffer> end;
    private long givenBytes;
    private int cancels;

    private ScriptedSource(List<Buffer> chunks, Future<Buffer> end) {
        this.chunks = chunks.iterator();
        this.end = end;
    }

    /** These chunks, and then the end. */
    public static ScriptedSource of(List<Buffer> chunks) {
        return new ScriptedSource(chunks, Future.succeededFuture(END));
    }

    /** The bytes in chunks of one length, and then the end. */
    public static ScriptedSource of(Buffer bytes, int chunkBytes) {
        return of(cut(bytes, chunkBytes));
    }

    /** The bytes in chunks of one length, and then what is told later. */
    public static ScriptedSource held(Buffer bytes, int chunkBytes, Future<Buffer> end) {
        return new ScriptedSource(cut(bytes, chunkBytes), end);
    }

    /** The bytes in chunks of one length, and then a failure. */
    public static ScriptedSource broken(Buffer bytes, int chunkBytes, Throwable cause) {
        return new ScriptedSource(cut(bytes, chunkBytes), Future.failedFuture(cause));
    }

    private static List<Buffer> cut(Buffer bytes, int chunkBytes) {
        List<Buffer> chunks = new ArrayList<>();
        for (int i = 0; i < bytes.length(); i += chunkBytes) {
            chunks.add(bytes.slice(i, Math.min(bytes.length(), i + chunkBytes)));
        }
        return chunks;
    }

    @Override
    public Future<Buffer> next() {
        if (!chunks.hasNext()) {
            return end;
        }
        Buffer chunk = chunks.next();
        givenBytes += chunk.length();
        return Future.succeededFuture(chunk);
    }

    @Override
    public void cancel() {
        cancels++;
    }

    /** How many bytes were taken from here. */
    public long givenBytes() {
        return givenBytes;
    }

    /** How often the rest was given up. */
    public int cancels() {
        return cancels;
    }
}
