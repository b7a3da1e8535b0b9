package us.kbase.caching.verify;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.CheckedDownload;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.ResumedDownload;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/**
 * One walk through a store that reads each entry of this service to its end, one after another, also expired ones. Objects of others are
 * left alone. Event loop of its store.
 */
public final class Verification {

    private static final int PAGE = 1000;

    private final Vertx vertx;
    private final ObjectStore store;
    private final ReadRate rate;
    private final VerifyCounts counts = new VerifyCounts();
    private String after = "";

    /**
     * A walk that has not begun.
     *
     * @param bytesPerSecond the most that is read, 1 or more
     */
    public Verification(Vertx vertx, ObjectStore store, long bytesPerSecond) {
        this.vertx = vertx;
        this.store = store;
        this.rate = new ReadRate(vertx, System::nanoTime, bytesPerSecond);
    }

    /** Verifies all entries. Where the store cannot be listed any more the report says so; it never fails. */
    public Future<VerifyReport> all() {
        return Steps.whileMore(this::page)
                .map(v -> counts.report(Optional.empty()))
                .otherwise(cause -> counts.report(Optional.of(String.valueOf(cause.getMessage()))));
    }

    /** Verifies these; it never fails. */
    public Future<VerifyReport> these(List<CacheId> ids) {
        return ForEachConcurrently.each(
                        ids,
                        1,
                        id -> entry(id.value()).map(found -> {
                            if (!found) {
                                counts.add(VerifyCounts.Of.ABSENT);
                            }
                            return found;
                        }))
                .map(v -> counts.report(Optional.empty()));
    }

    private Future<Boolean> page() {
        return store.list(after, PAGE).compose(page -> {
            List<String> keys = page.keys();
            after = keys.isEmpty() ? after : keys.getLast();
            return ForEachConcurrently.each(keys, 1, key -> isOurs(key) ? entry(key) : Future.succeededFuture())
                    .map(v -> page.more() && !keys.isEmpty());
        });
    }

    private static boolean isOurs(String key) {
        return CacheId.parse(key).isPresent();
    }

    /** Whether there is something under the key. */
    private Future<Boolean> entry(String key) {
        return Future.succeededFuture(key)
                .compose(store::head)
                .compose(found -> found.isPresent() ? looked(found.get()).map(true) : missing(key))
                .recover(cause -> {
                    counts.failed(key, cause);
                    return Future.succeededFuture(true);
                });
    }

    /** What the store put aside as damaged is absent from then on. */
    private Future<Boolean> missing(String key) {
        Optional<String> how = store.upkeep().foundDamaged(key);
        how.ifPresent(text -> damaged(key, text));
        return Future.succeededFuture(how.isPresent());
    }

    private void damaged(String key, String how) {
        counts.add(VerifyCounts.Of.ENTRIES);
        counts.damaged(key, how);
    }

    private Future<Void> looked(Stored stored) {
        if (Entry.of(Optional.of(stored), 0) instanceof Entry.Foreign) {
            return Future.succeededFuture();
        }
        Optional<Digest> expected = Stream.concat(stored.digests().stream(), EntryMetadata.hashes(stored).stream())
                .findFirst();
        if (expected.isEmpty()) {
            counts.add(VerifyCounts.Of.ENTRIES);
            counts.add(VerifyCounts.Of.UNKNOWN);
            return Future.succeededFuture();
        }
        return store.get(stored.key(), ByteRange.ALL, Optional.of(stored.etag()))
                .compose(found ->
                        found.isPresent() ? read(found.get(), expected.get()) : Future.failedFuture(new Conflict()))
                .recover(cause -> ended(stored.key(), cause));
    }

    private Future<Void> read(Download opened, Digest expected) {
        Stored stored = opened.stored();
        AtomicReference<Optional<Digest>> wrong = new AtomicReference<>(Optional.empty());
        ByteSource bytes = new CheckedDownload(
                new ResumedDownload(vertx, store, opened, ResumedDownload.HELD),
                stored.lengthBytes(),
                expected,
                found -> wrong.set(Optional.of(found)));
        return Pump.run(bytes, chunk -> {
                    int length = chunk.length();
                    Chunk.release(chunk);
                    counts.add(VerifyCounts.Of.BYTES, length);
                    return rate.passed(length);
                })
                .onSuccess(v -> {
                    counts.add(VerifyCounts.Of.ENTRIES);
                    counts.add(VerifyCounts.Of.VERIFIED);
                })
                .onFailure(cause -> bytes.cancel())
                .recover(cause -> {
                    Optional<Digest> found = wrong.get();
                    found.ifPresent(digest ->
                            damaged(stored.key(), "its bytes have the digest " + digest + ", not " + expected));
                    return found.isPresent() ? Future.succeededFuture() : Future.failedFuture(cause);
                });
    }

    /** It was not read to its end, and no digest was wrong. */
    private Future<Void> ended(String key, Throwable cause) {
        Optional<String> how = cause instanceof Failure.NotFound
                ? store.upkeep().foundDamaged(key) // by this read: the store cuts the reader of what it puts aside
                : Optional.empty();
        if (how.isPresent()) {
            damaged(key, how.get());
        } else if (cause instanceof Conflict || cause instanceof Failure.NotFound) {
            counts.add(VerifyCounts.Of.ENTRIES);
            counts.add(VerifyCounts.Of.CHANGED);
        } else {
            return Future.failedFuture(cause);
        }
        return Future.succeededFuture();
    }
}
