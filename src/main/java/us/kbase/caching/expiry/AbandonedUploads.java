package us.kbase.caching.expiry;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import us.kbase.caching.cache.CacheId;
import us.kbase.caching.cache.Entries;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.store.Fanout;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.OpenUpload;

/** Multipart uploads of ours that nobody will finish: they hold space that no listing of objects shows. */
final class AbandonedUploads {

    private static final int PAGE = 1000;
    private static final int IN_FLIGHT = 8;

    /** Ids that this service or the original made; any other key without an entry may be somebody else's. */
    private static final Pattern MADE =
            Pattern.compile("[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final ObjectStore store;
    private final Entries entries;
    private final Instant cutoff;
    private final AtomicLong found = new AtomicLong();

    AbandonedUploads(ObjectStore store, InstantSource time, Duration grace) {
        this.store = store;
        this.entries = new Entries(store, time);
        this.cutoff = time.instant().minus(grace);
    }

    /** Aborts them, or only counts; gives how many. */
    Future<Long> end(SweepOptions.Effect effect) {
        return page(Optional.empty(), effect).map(v -> found.get());
    }

    private Future<Void> page(Optional<OpenUpload> after, SweepOptions.Effect effect) {
        return store.upkeep().openUploads(after, PAGE).compose(uploads -> {
            List<OpenUpload> old = uploads.stream()
                    .filter(upload -> upload.begun().isBefore(cutoff))
                    .toList();
            Future<Void> ended = Fanout.each(old, IN_FLIGHT, upload -> end(upload, effect));
            return uploads.size() < PAGE
                    ? ended
                    : ended.compose(v -> page(Optional.of(uploads.get(uploads.size() - 1)), effect));
        });
    }

    private Future<Void> end(OpenUpload upload, SweepOptions.Effect effect) {
        return isOurs(upload.key()).compose(ours -> {
            if (!ours) {
                return Future.succeededFuture();
            }
            found.incrementAndGet();
            return effect == SweepOptions.Effect.REMOVE ? store.upkeep().abort(upload) : Future.succeededFuture();
        });
    }

    private Future<Boolean> isOurs(String key) {
        Optional<CacheId> id = CacheId.parse(key);
        if (id.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return entries.read(id.get()).map(entry -> switch (entry) {
            case Entry.Foreign foreign -> false;
            case Entry.Absent absent -> MADE.matcher(key).matches();
            default -> true;
        });
    }
}
