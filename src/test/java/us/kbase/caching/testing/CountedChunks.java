package us.kbase.caching.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes chunks outside the heap, whose owners are counted, and tells how many were not given back. A second release throws. */
public final class CountedChunks {

    private final List<ByteBuf> made = new ArrayList<>();

    /** A chunk with one owner. */
    public Buffer of(String text) {
        ByteBuf bytes = Unpooled.directBuffer(text.length());
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        made.add(bytes);
        return BufferInternal.buffer(bytes);
    }

    /** The text in chunks of that length. */
    public List<Buffer> cut(String text, int chunkChars) {
        List<Buffer> chunks = new ArrayList<>();
        for (int i = 0; i < text.length(); i += chunkChars) {
            chunks.add(of(text.substring(i, Math.min(text.length(), i + chunkChars))));
        }
        return chunks;
    }

    /** How many chunks still have an owner. */
    public long owned() {
        return made.stream().filter(bytes -> bytes.refCnt() > 0).count();
    }
}
