package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Page;

/**
 * Lists the objects of a data folder page by page, on a thread of its own: a disk that is slow to list takes none of the threads that
 * others' reads and writes need. A page holds one folder's names and its own keys in memory. Any thread.
 */
final class DiskListing {

    private static final int WAITING_MAX = 64;

    private final ObjectFolders folders;
    private final ObjectFiles objects;
    private final WorkerExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();

    DiskListing(Vertx vertx, ObjectFolders folders, ObjectFiles objects) {
        this.folders = folders;
        this.objects = objects;
        this.thread = vertx.createSharedWorkerExecutor("disk-listing", 1);
    }

    /** As {@link us.kbase.caching.store.ObjectStore#list}; {@code Busy} when too many wait for their page. */
    @SuppressWarnings("NullAway") // a page is never null, which the annotation of executeBlocking cannot say
    Future<Page> page(String after, int limit) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return Future.failedFuture(new Failure.Busy("Too many listings are waiting; try again later"));
        }
        return thread.executeBlocking(
                () -> {
                    try {
                        return read(after, limit);
                    } catch (IOException e) {
                        throw FileWork.named(e);
                    } finally {
                        waiting.decrementAndGet();
                    }
                },
                false);
    }

    private Page read(String after, int limit) throws IOException {
        List<Listed> found = new ArrayList<>();
        for (String folder : folders.behind(after)) {
            String behind = after;
            boolean more = true;
            while (more) {
                int wanted = limit + 1 - found.size(); // one beyond the page tells whether there is another
                Collection<String> keys = folders.keys(folder, behind, wanted);
                for (String key : keys) {
                    objects.modified(key).ifPresent(time -> found.add(new Listed(key, time)));
                    behind = key;
                }
                if (found.size() > limit) {
                    return new Page(found.subList(0, limit), true);
                }
                more = keys.size() == wanted; // some were removed meanwhile, or are no objects
            }
        }
        return new Page(found, false);
    }

    /** Lets the thread go; done when its page, if any, was read. */
    Future<Void> close() {
        return thread.close();
    }
}
