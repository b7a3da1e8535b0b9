package us.kbase.caching.digest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;

/** Compares an upload with what its client claims of it before the end is told: whatever does not agree is never published. */
final class CheckedUpload implements ByteSource {

    private final ByteSource source;
    private final DigestCheck check;
    private boolean checked;

    CheckedUpload(ByteSource source, ClaimedDigests claimed) {
        this.source = source;
        this.check = new DigestCheck(claimed);
    }

    @Override
    public Future<Buffer> next() {
        return source.next().map(chunk -> {
            check.update(chunk);
            if (ByteSource.isEnd(chunk) && !checked) {
                checked = true;
                refuse(check.wrong());
            }
            return chunk;
        });
    }

    private static void refuse(Optional<String> wrong) {
        if (wrong.isPresent()) {
            throw new Failure.BadInput(
                    "The file is not what its digest says, " + wrong.get() + "; nothing was changed");
        }
    }

    @Override
    public void whenBroken(Consumer<Throwable> told) {
        source.whenBroken(told);
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
