package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.stream.ByteSource;

/**
 * Upkeep of a data folder. An ETag is the random name of a version here, so a strike's condition alone makes it safe; its window is
 * kept all the same, since a marker names it to others. The day of last use is the file's modification time, set to exactly midnight (UTC): a write leaves a time with fractions.
 */
final class DiskUpkeep implements Upkeep {

    private static final Duration STRIKE_WINDOW = Duration.ofSeconds(10);
    private static final long DAY_SECONDS = 86_400;

    private final DiskObjectStore store;
    private final DataFolder folder;
    private final InstantSource clock;

    DiskUpkeep(DiskObjectStore store, DataFolder folder, InstantSource clock) {
        this.store = store;
        this.folder = folder;
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
        Instant until = seen.at().plus(STRIKE_WINDOW);
        return new GuardedRemoval() {
            private String markerEtag = "";

            @Override
            public Future<Boolean> mark() {
                if (clock.instant().isAfter(until)) {
                    return Future.succeededFuture(false);
                }
                Body empty = new Body(ByteSource.of(Buffer.buffer()), 0);
                return store.put(key, empty, marker, once(seen.stored().etag()))
                        .map(etag -> {
                            markerEtag = etag;
                            return true;
                        })
                        .recover(cause ->
                                cause instanceof Conflict ? Future.succeededFuture(false) : Future.failedFuture(cause));
            }

            @Override
            public Future<Boolean> remove() {
                return clock.instant().isAfter(until) ? Future.succeededFuture(false) : store.deleteIf(key, markerEtag);
            }
        };
    }

    private static Guard once(String etag) {
        return new Guard() {
            @Override
            public Precondition first() {
                return new Precondition.Matches(etag);
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return store.blocking(() -> {
            try {
                Instant modified = Files.getLastModifiedTime(folder.object(key)).toInstant();
                return modified.getNano() == 0 && modified.getEpochSecond() % DAY_SECONDS == 0
                        ? OptionalLong.of(modified.getEpochSecond() / DAY_SECONDS)
                        : OptionalLong.empty();
            } catch (NoSuchFileException gone) {
                return OptionalLong.empty();
            }
        });
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return store.blocking(() -> {
                    setTime(key, Instant.ofEpochSecond(epochDay * DAY_SECONDS));
                    return key;
                })
                .mapEmpty();
    }

    private void setTime(String key, Instant time) throws IOException {
        try {
            Files.setLastModifiedTime(folder.object(key), FileTime.from(time));
        } catch (NoSuchFileException gone) {
            // replaced or removed since it was used: nothing to note
        }
    }

    /** A crash leaves temporary files only, and the next start removes them. */
    @Override
    public Future<List<OpenUpload>> openUploads(Optional<OpenUpload> after, int limit) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return Future.succeededFuture();
    }
}
