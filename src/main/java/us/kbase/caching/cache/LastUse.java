package us.kbase.caching.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
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
    private static final int REMEMBERED_MAX = 20_000;
    private static final Duration ASKED_AGAIN = Duration.ofHours(1);

    private final Cache<String, Long> dayById = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .executor(Runnable::run)
            .build();
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Long> refusedNanos = new AtomicReference<>();

    /** Nothing was noted yet. */
    public LastUse() {
        this(System::nanoTime);
    }

    /** The same by another clock. */
    public LastUse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Notes that a result was downloaded; ends well also when it could not be noted. On the day of its upload that needs no note
     * ({@link EntryMetadata#livesUntil}).
     */
    public Future<Void> downloaded(ObjectStore store, Entry.File file, long nowEpochSeconds) {
        CacheId id = new CacheId(file.stored().key());
        Long today = nowEpochSeconds / EntryMetadata.DAY_SECONDS;
        if (EntryMetadata.uploadedDay(file.stored()).equals(OptionalLong.of(today))
                || isRefused()
                || today.equals(dayById.asMap().put(id.value(), today))) {
            return Future.succeededFuture();
        }
        return store.upkeep().used(id.value(), today).recover(cause -> {
            dayById.invalidate(id.value());
            if (!(cause instanceof UnsupportedOperationException)) {
                log.debug("A download was not noted: {}", cause.toString());
            } else if (refusedNanos.getAndSet(nanoTime.getAsLong()) == null) {
                log.warn("The store keeps no object tags: downloads do not renew entries. {}", cause.toString());
            }
            return Future.succeededFuture();
        });
    }

    /** A store may be told to keep tags, or be replaced by one that does. */
    private boolean isRefused() {
        Long since = refusedNanos.get();
        return since != null && nanoTime.getAsLong() - since < ASKED_AGAIN.toNanos();
    }
}
