package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Upkeep;

/**
 * Upkeep of a data folder. An ETag is the random name of a version here, so a condition alone makes a removal safe: it needs no marker,
 * which a full disk would have no room for. The strikes' window is kept all the same. The day of last use is the file's modification
 * time, set to exactly midnight (UTC): a write leaves a time with fractions.
 */
final class DiskUpkeep implements Upkeep {

    private static final Logger log = LoggerFactory.getLogger(DiskUpkeep.class);
    private static final Duration STRIKE_WINDOW = Duration.ofSeconds(10);
    private static final long DAY_SECONDS = 86_400;

    private final ObjectStore store;
    private final FileWork work;
    private final ObjectFiles objects;
    private final FencingMark fencing;
    private final InstantSource clock;
    private final LongAdder usesNotNoted = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();

    DiskUpkeep(ObjectStore store, FileWork work, ObjectFiles objects, FencingMark fencing, InstantSource clock) {
        this.store = store;
        this.work = work;
        this.objects = objects;
        this.fencing = fencing;
        this.clock = clock;
    }

    @Override
    public Duration strikeWindow() {
        return STRIKE_WINDOW;
    }

    @Override
    public boolean etagNamesVersion() {
        return true;
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        Instant at = clock.instant();
        return store.head(key).map(found -> found.map(stored -> new Observation(stored, at)));
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        String key = seen.stored().key();
        String etag = seen.stored().etag();
        Instant until = seen.at().plus(STRIKE_WINDOW);
        return new GuardedRemoval() {
            @Override
            public Future<Boolean> mark() {
                return inTime(() -> objects.isVersion(key, etag));
            }

            @Override
            public Future<Boolean> remove() {
                return inTime(() -> objects.deleteIf(key, etag));
            }

            private Future<Boolean> inTime(FileWork.Work<Boolean> strike) {
                return work.begin(() -> !clock.instant().isAfter(until) && strike.run());
            }
        };
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return work.begin(() -> objects.modified(key)
                .filter(time -> time.getNano() == 0 && time.getEpochSecond() % DAY_SECONDS == 0)
                .map(time -> OptionalLong.of(time.getEpochSecond() / DAY_SECONDS))
                .orElse(OptionalLong.empty()));
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return work.begin(() -> {
                    objects.used(key, Instant.ofEpochSecond(epochDay * DAY_SECONDS));
                    return key;
                })
                .onSuccess(noted -> told.set(false))
                .onFailure(this::notNoted)
                .mapEmpty();
    }

    private void notNoted(Throwable cause) {
        usesNotNoted.increment();
        if (told.compareAndSet(false, true)) {
            log.warn("Downloads do not renew their entries at the moment: {}", Reason.of(cause));
        }
    }

    /** How many uses could not be noted. */
    long usesNotNoted() {
        return usesNotNoted.sum();
    }

    @Override
    public Optional<String> foundDamaged(String key) {
        return objects.foundDamaged(key);
    }

    @Override
    public Future<Long> fencing(long atLeast) {
        OptionalLong reserved = fencing.nextReserved(atLeast);
        return reserved.isPresent()
                ? Future.succeededFuture(reserved.getAsLong())
                : work.write(() -> fencing.next(atLeast));
    }

    /** A crash leaves temporary files only, and the next start removes them. */
    @Override
    public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        return Future.succeededFuture(OpenUpload.Page.NONE);
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return Future.succeededFuture();
    }
}
