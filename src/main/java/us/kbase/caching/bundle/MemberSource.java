package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * A member's bytes as they are kept, out of bytes of the archive that begin at its local header. The header is compared with the
 * directory before the first byte is given. Event loop only.
 */
public final class MemberSource implements ByteSource {

    private final ByteSource archive;
    private final Member member;
    private final Buffer head = Buffer.buffer();
    private boolean begun;
    private long left;

    /** Takes over a source of the archive's bytes. */
    public MemberSource(ByteSource archive, Member member) {
        this.archive = archive;
        this.member = member;
        this.left = member.keptBytes();
    }

    @Override
    public Future<Buffer> next() {
        return Steps.until(() -> begun && left == 0
                ? ended()
                : archive.next().map(chunk -> {
                    if (ByteSource.isEnd(chunk)) {
                        throw Fields.damaged("the file " + member.shownPath() + " is cut");
                    }
                    return taken(chunk);
                }));
    }

    /** The archive's own end frees its connection; what may stand there instead nobody wants. */
    private Future<Optional<Buffer>> ended() {
        return archive.next().transform(behind -> {
            if (behind.succeeded()) {
                Chunk.release(behind.result());
            }
            archive.cancel();
            return Future.succeededFuture(Optional.of(END));
        });
    }

    /** What of a chunk is the member's; nothing when that is none. */
    private Optional<Buffer> taken(Buffer chunk) {
        try {
            int at = begun ? 0 : headTakenFrom(chunk);
            int count = (int) Math.min(left, chunk.length() - at);
            left -= count;
            if (count > 0) {
                return Optional.of(count == chunk.length() ? chunk : chunk.slice(at, at + count));
            }
        } catch (Failure refused) {
            Chunk.release(chunk);
            throw refused;
        }
        Chunk.release(chunk);
        return Optional.empty();
    }

    /** Goes on with the header, and returns where the member's bytes begin in the chunk. */
    private int headTakenFrom(Buffer chunk) {
        int at = 0;
        while (at < chunk.length() && head.length() < wanted()) {
            int count = Math.min(wanted() - head.length(), chunk.length() - at);
            head.appendBuffer(chunk, at, count);
            at += count;
        }
        if (head.length() >= LocalHeader.BYTES && head.length() == wanted()) {
            LocalHeader.check(head.getBytes(), member);
            begun = true;
        }
        return at;
    }

    private int wanted() {
        return head.length() < LocalHeader.BYTES ? LocalHeader.BYTES : LocalHeader.wholeBytes(head.getBytes(0, 30));
    }

    @Override
    public void cancel() {
        archive.cancel();
    }
}
