package us.kbase.caching.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.ObjectStore;

/**
 * Renewal by download: the day of an entry's last use, noted at most once per entry and day by this node, and never in a
 * download's way. What was noted already is remembered up to a bound; beyond it some notes are written twice. Any thread.
 */
public final class LastUse {

    private static final Logger log = LoggerFactory.getLogger(LastUse.class);
    private static final int REMEMBERED_MAX = 100_000;

    private final Cache<String, Long> dayById = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .executor(Runnable::run)
            .build();
    private final AtomicBoolean refused = new AtomicBoolean();

    /** Notes that a result was downloaded; ends well also when it could not be noted. */
    public Future<Void> downloaded(ObjectStore store, CacheId id, long nowEpochSeconds) {
        Long today = nowEpochSeconds / EntryMetadata.DAY_SECONDS;
        if (refused.get() || today.equals(dayById.asMap().put(id.value(), today))) {
            return Future.succeededFuture();
        }
        return store.upkeep().used(id.value(), today).recover(cause -> {
            dayById.invalidate(id.value());
            if (!(cause instanceof UnsupportedOperationException)) {
                log.debug("A download was not noted: {}", cause.toString());
            } else if (refused.compareAndSet(false, true)) {
                log.warn("The store refuses object tags: downloads do not renew entries. {}", cause.toString());
            }
            return Future.succeededFuture();
        });
    }
}
