package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import us.kbase.caching.failure.Failure;

/**
 * Runs file work on worker threads; the future completes on the caller's event loop, and fails with a {@link Failure} or what the
 * work threw of its own. Any thread.
 */
final class FileWork {

    /** File work that waits or runs, of all event loops; a few hundred bytes of heap each. */
    static final int BEGUN_MAX = 4096;

    private static final String READ_ONLY = "The store's file system is read only: it serves what it has";

    /** Less than a write needs at once. */
    private static final long FULL_BYTES = 1 << 20;

    private final Vertx vertx;
    private final Path root;
    private final AtomicInteger begun = new AtomicInteger();

    FileWork(Vertx vertx, Path root) {
        this.vertx = vertx;
        this.root = root;
    }

    /** File work. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** File work that begins something; {@code Busy} while a disk that stands still keeps too much of it waiting. */
    <T> Future<T> begin(Work<T> work) {
        if (begun.incrementAndGet() > BEGUN_MAX) {
            begun.decrementAndGet();
            return Future.failedFuture(tooMuchWaits());
        }
        return goOn(work).onComplete(done -> begun.decrementAndGet());
    }

    /** Whether work would be refused. */
    boolean isTooMuch() {
        return begun.get() >= BEGUN_MAX;
    }

    static Failure tooMuchWaits() {
        return new Failure.Busy("The disk does not keep up; try again later");
    }

    /** File work of something that has begun: each transfer has one such at a time, so it needs no bound of its own. */
    <T> Future<T> goOn(Work<T> work) {
        return run(work, FileWork::named);
    }

    /** The same for work that writes: only that can find no room. */
    <T> Future<T> write(Work<T> work) {
        return run(work, this::namedOfWrite);
    }

    @SuppressWarnings("NullAway") // work whose result is never null, which the annotation of executeBlocking cannot say
    private <T> Future<T> run(Work<T> work, Function<IOException, Failure> named) {
        return vertx.executeBlocking(
                () -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        throw named.apply(e);
                    }
                },
                false);
    }

    /** What a fault of the disk is to a client. */
    static Failure named(IOException cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("Read-only file system")) {
            return new Failure.StorageFull(READ_ONLY, cause);
        }
        return text.contains("No space left") || text.contains("quota exceeded")
                ? new Failure.StorageFull(cause)
                : new Failure.Upstream("The disk store failed", cause);
    }

    /** The system's texts depend on the locale, so where they say nothing the file system is asked. */
    private Failure namedOfWrite(IOException cause) {
        Failure byText = named(cause);
        if (byText instanceof Failure.StorageFull
                || String.valueOf(cause.getMessage()).contains("Input/output")) {
            return byText;
        }
        try {
            if (isReadOnly(root)) {
                return new Failure.StorageFull(READ_ONLY, cause);
            }
            return Files.getFileStore(root).getUsableSpace() < FULL_BYTES ? new Failure.StorageFull(cause) : byText;
        } catch (IOException unknown) {
            return byText;
        }
    }

    /** Whether nobody can write into the file system of a folder. */
    static boolean isReadOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).isReadOnly();
    }
}
