package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import us.kbase.caching.cache.ConflictRetry;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Stored;

/** Reads entries together with what their placeholders say about leases; one event loop. */
final class LeaseReader {

    private static final ByteRange NOTE = new ByteRange(0, LeaseRecord.BYTES_MAX - 1);

    private final ObjectStore store;
    private final EntryReader entries;

    LeaseReader(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.entries = new EntryReader(store, clock);
    }

    /**
     * The entry and its note, from one call: they belong together. The store repeats a call that may go well soon. A note that breaks
     * off behind the call's good answer is read once more here, since the store has given it away by then.
     */
    Future<LeaseRules.Seen> read(CacheId id) {
        return ConflictRetry.whileConflict(() -> get(
                id,
                found -> seen(found)
                        .recover(cause ->
                                cause instanceof Failure.Upstream ? get(id, this::seen) : Future.failedFuture(cause))));
    }

    private Future<LeaseRules.Seen> get(CacheId id, Function<Download, Future<LeaseRules.Seen>> reading) {
        return store.get(id.value(), NOTE)
                .compose(found -> found.map(reading).orElseGet(() -> bare(Optional.empty())))
                // The original's placeholders are empty, and no range lies in an empty object.
                .recover(cause -> cause instanceof Failure.RangeNotSatisfiable
                        ? store.head(id.value()).compose(this::bare)
                        : Future.failedFuture(cause));
    }

    private Future<LeaseRules.Seen> seen(Download download) {
        return download.bytes()
                .collect(LeaseReader::checkLength)
                .onFailure(cause -> download.bytes().cancel())
                .compose(body -> entries.of(Optional.of(download.stored()))
                        .map(entry -> new LeaseRules.Seen(entry, note(entry, body))));
    }

    /** Nothing is paid for a note, so no store that gives more than was asked for may make it long. */
    private static void checkLength(long bytes) {
        if (bytes > LeaseRecord.BYTES_MAX) {
            throw new Failure.Upstream("The object store gave more than was asked for", null);
        }
    }

    private static LeaseRecord note(Entry entry, Buffer body) {
        return entry instanceof Entry.Placeholder ? LeaseRecord.read(body) : LeaseRecord.NONE;
    }

    private Future<LeaseRules.Seen> bare(Optional<Stored> found) {
        return entries.of(found).map(entry -> new LeaseRules.Seen(entry, LeaseRecord.NONE));
    }
}
