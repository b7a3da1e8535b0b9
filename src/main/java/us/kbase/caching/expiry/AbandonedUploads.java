package us.kbase.caching.expiry;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.text.AsciiSet;

/** Multipart uploads of ours that nobody will finish: they hold space that no listing of objects shows. */
final class AbandonedUploads {

    private static final Logger log = LoggerFactory.getLogger(AbandonedUploads.class);

    private static final int PAGE = 1000;
    private static final int IN_FLIGHT = 8;

    private static final int ID_CHARACTERS = 128;
    private static final int SEED_ID_CHARACTERS = 64;
    private static final int UUID_CHARACTERS = 36;
    private static final AsciiSet HEX_OR_DASH = AsciiSet.LOWER_HEX.with("-");

    private final ObjectStore store;
    private final EntryReader entries;
    private final Instant cutoff;
    private final SweepCounts counts;
    private Optional<OpenUpload> last = Optional.empty();

    AbandonedUploads(ObjectStore store, InstantSource time, Duration grace, SweepCounts counts) {
        this.store = store;
        this.entries = new EntryReader(store, time);
        this.cutoff = time.instant().minus(grace);
        this.counts = counts;
    }

    /** Aborts them, or only counts them. One at which the store does not answer as expected stays, and stops no other. */
    Future<Void> end(SweepOptions.Effect effect) {
        return Steps.whileMore(() -> page(effect));
    }

    private Future<Boolean> page(SweepOptions.Effect effect) {
        return store.upkeep().openUploads(last, PAGE).compose(page -> {
            List<OpenUpload> old = page.uploads().stream()
                    .filter(upload -> upload.begun().isBefore(cutoff))
                    .toList();
            last = page.more() ? Optional.of(page.uploads().getLast()) : last;
            return ForEachConcurrently.each(
                            old, IN_FLIGHT, upload -> end(upload, effect).recover(cause -> stays(upload, cause)))
                    .map(page.more());
        });
    }

    private Future<Void> stays(OpenUpload upload, Throwable cause) {
        counts.add(SweepCounts.Of.FAILED);
        log.debug("Sweep: an open upload of {} stays: {}", upload.key(), cause.toString());
        return Future.succeededFuture();
    }

    private Future<Void> end(OpenUpload upload, SweepOptions.Effect effect) {
        return isAbandoned(upload).compose(abandoned -> abandoned ? take(upload, effect) : Future.succeededFuture());
    }

    private Future<Void> take(OpenUpload upload, SweepOptions.Effect effect) {
        Future<Void> taken =
                effect == SweepOptions.Effect.REMOVE ? store.upkeep().abort(upload) : Future.succeededFuture();
        return taken.onSuccess(v -> counts.add(SweepCounts.Of.UPLOADS));
    }

    /** One that was begun long ago may be slow, at this gateway or another. */
    private Future<Boolean> isAbandoned(OpenUpload upload) {
        return isOurs(upload.key())
                .compose(ours -> ours
                        ? store.upkeep().gotPartSince(cutoff, upload).map(alive -> !alive)
                        : Future.succeededFuture(false));
    }

    private Future<Boolean> isOurs(String key) {
        Optional<CacheId> id = CacheId.parse(key);
        if (id.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return entries.read(id.get()).map(entry -> switch (entry) {
            case Entry.Foreign foreign -> false;
            case Entry.Absent absent -> isMade(key);
            default -> true;
        });
    }

    /** Whether this service or the original made the id; any other key without an entry may be somebody else's. */
    static boolean isMade(String key) {
        return switch (key.length()) {
            case ID_CHARACTERS, SEED_ID_CHARACTERS -> AsciiSet.LOWER_HEX.end(key, 0) == key.length();
            case UUID_CHARACTERS -> isUuid(key);
            default -> false;
        };
    }

    /** Dashes stand at four places and nowhere else (RFC 9562 section 4). */
    private static boolean isUuid(String key) {
        boolean dashes = HEX_OR_DASH.end(key, 0) == key.length();
        for (int i = 0; i < key.length(); i++) {
            dashes &= (key.charAt(i) == '-') == (i == 8 || i == 13 || i == 18 || i == 23);
        }
        return dashes;
    }
}
