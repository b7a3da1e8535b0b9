package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * A member's own bytes, whose last ones are given only when length and checksum are those of the directory: so a file that was damaged is
 * never a whole reply. Event loop only.
 */
public final class CheckedSource implements ByteSource {

    private final ByteSource source;
    private final long bytes;
    private final int crc32;
    private final String shownPath;
    private final CRC32 crc = new CRC32();
    private long given;

    /** Takes over a source of the member's bytes, inflated where they are deflated. */
    public CheckedSource(ByteSource source, Member member) {
        this.source = source;
        this.bytes = member.bytes();
        this.crc32 = member.crc32();
        this.shownPath = member.shownPath();
    }

    @Override
    public Future<Buffer> next() {
        return source.next().map(chunk -> {
            given += chunk.length();
            if (!ByteSource.isEnd(chunk)) {
                crc.update(Chunk.view(chunk));
            }
            boolean last = ByteSource.isEnd(chunk) || given >= bytes;
            if (last && (given != bytes || (int) crc.getValue() != crc32)) {
                Chunk.release(chunk);
                throw new Failure.NotABundle("The file " + shownPath + " is damaged in the ZIP file");
            }
            return chunk;
        });
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
