package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private final String shownPath;
    private @Nullable Head head;
    private long left;

    /** Takes over a source of the archive's bytes. */
    public MemberSource(ByteSource archive, Member member) {
        this.archive = archive;
        this.shownPath = member.shownPath();
        this.head = new Head(member);
        this.left = member.keptBytes();
    }

    @Override
    public Future<Buffer> next() {
        return Steps.until(() -> head == null && left == 0
                ? ended()
                : archive.next().map(chunk -> {
                    if (ByteSource.isEnd(chunk)) {
                        throw Fields.damaged("the file " + shownPath + " is cut");
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
            int at = headTakenFrom(chunk);
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
        Head open = head;
        if (open == null) {
            return 0;
        }
        int at = open.takenFrom(chunk);
        if (open.isWhole()) {
            open.check();
            head = null;
        }
        return at;
    }

    /** A header as it comes, and what it has to be. Held until they were compared. */
    private static final class Head {
        private final Buffer bytes = Buffer.buffer();
        private final Member member;

        Head(Member member) {
            this.member = member;
        }

        int takenFrom(Buffer chunk) {
            int at = 0;
            while (at < chunk.length() && bytes.length() < wanted()) {
                int count = Math.min(wanted() - bytes.length(), chunk.length() - at);
                bytes.appendBuffer(chunk, at, count);
                at += count;
            }
            return at;
        }

        boolean isWhole() {
            return bytes.length() >= LocalHeader.BYTES && bytes.length() == wanted();
        }

        void check() {
            LocalHeader.check(bytes.getBytes(), member);
        }

        private int wanted() {
            return bytes.length() < LocalHeader.BYTES
                    ? LocalHeader.BYTES
                    : LocalHeader.wholeBytes(bytes.getBytes(0, LocalHeader.BYTES));
        }
    }

    @Override
    public void cancel() {
        archive.cancel();
    }
}
