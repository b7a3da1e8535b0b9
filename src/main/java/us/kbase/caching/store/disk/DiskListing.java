package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Page;

/**
 * Lists a data folder page by page in bounded memory, on a thread of its own: a long walk neither holds the event loop nor takes
 * the threads that others' reads and writes need. Any thread.
 */
final class DiskListing {

    /** About 2 MB of keys. */
    static final int KEYS_MAX = 8192;

    private static final int WAITING_MAX = 64;

    /** Nobody else may write into the folder; who does it by hand is seen this much later. */
    private static final Duration WINDOW_AGE_MAX = Duration.ofSeconds(30);

    private final DataFolder folder;
    private final WorkerExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int keysMax;
    private volatile KeyWindow window;
    private long walkedNanos;

    DiskListing(Vertx vertx, DataFolder folder, int keysMax) {
        this.folder = folder;
        this.keysMax = keysMax;
        this.thread = vertx.createSharedWorkerExecutor("disk-listing", 1);
        this.window = new KeyWindow("\uffff", 1); // of no key
        this.walkedNanos = System.nanoTime() - WINDOW_AGE_MAX.toNanos();
    }

    /** A key was published; to be told under the key's lock. */
    void published(String key) {
        window.add(key);
    }

    /** A key was removed; to be told under the key's lock. */
    void removed(String key) {
        window.remove(key);
    }

    /** As {@link us.kbase.caching.store.ObjectStore#list}; {@code Busy} when too many wait for their page. */
    @SuppressWarnings("NullAway") // a page is never null, which the annotation of executeBlocking cannot say
    Future<Page> page(String after, int limit) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return Future.failedFuture(new Failure.Busy("Too many listings are waiting; try again later"));
        }
        Callable<Page> work = () -> {
            try {
                return read(after, limit);
            } finally {
                waiting.decrementAndGet();
            }
        };
        return thread.executeBlocking(work, false);
    }

    private Page read(String after, int limit) throws IOException {
        List<Listed> found = new ArrayList<>();
        String behind = after;
        while (true) {
            List<String> keys = next(behind, limit + 1);
            for (String key : keys) {
                if (found.size() == limit) {
                    return new Page(found, true);
                }
                Optional<Instant> modified = folder.modified(key);
                modified.ifPresent(time -> found.add(new Listed(key, time)));
                behind = key;
            }
            if (keys.size() <= limit) {
                return new Page(found, false);
            }
        }
    }

    private List<String> next(String behind, int limit) throws IOException {
        boolean fresh = System.nanoTime() - walkedNanos < WINDOW_AGE_MAX.toNanos();
        Optional<List<String>> known = fresh ? window.next(behind, limit) : Optional.empty();
        if (known.isPresent()) {
            return known.get();
        }
        KeyWindow filled = new KeyWindow(behind, Math.max(keysMax, limit));
        window = filled; // before the walk, so that it hears of what changes meanwhile
        walkedNanos = System.nanoTime() - WINDOW_AGE_MAX.toNanos();
        folder.walk(filled::add);
        walkedNanos = System.nanoTime();
        return filled.next(behind, limit).orElseThrow();
    }

    /** Lets the thread go; done when its walk, if any, has ended. */
    Future<Void> close() {
        return thread.close();
    }
}
