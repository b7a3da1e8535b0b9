package us.kbase.caching.move;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.CheckedDownload;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.ResumedDownload;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;

/**
 * One walk through a previous store that copies each living entry which the new store does not have, with its metadata and its day of last
 * use. A copy is published like every result: whole, under a condition, and only if its bytes have the digest of their upload. Nothing
 * is removed. It may be broken off at any time and begun again. Event loop of both stores.
 */
public final class Move {

    private static final int PAGE = 1000;
    private static final int IN_FLIGHT = 4;
    private static final int FAILED_IN_A_ROW_MAX = 100;

    private final Vertx vertx;
    private final ObjectStore previous;
    private final ObjectStore own;
    private final InstantSource clock;
    private final DigestAlgorithm algorithm;
    private final MoveCounts counts = new MoveCounts();
    private String after = "";

    /**
     * A walk that has not begun.
     *
     * @param own the new store
     * @param clock the new store's time
     * @param algorithm of the checksums that the new store keeps
     */
    public Move(Vertx vertx, ObjectStore previous, ObjectStore own, InstantSource clock, DigestAlgorithm algorithm) {
        this.vertx = vertx;
        this.previous = previous;
        this.own = own;
        this.clock = clock;
        this.algorithm = algorithm;
    }

    /** Walks to the end. Where it cannot go on the report says so; it never fails. */
    public Future<MoveReport> run() {
        return Steps.whileMore(this::page)
                .map(v -> counts.report(Optional.empty()))
                .otherwise(cause -> counts.report(Optional.of(String.valueOf(cause.getMessage()))));
    }

    private Future<Boolean> page() {
        return previous.list(after, PAGE).compose(page -> {
            List<String> keys = page.keys();
            after = keys.isEmpty() ? after : keys.getLast();
            return ForEachConcurrently.each(keys, IN_FLIGHT, this::entry).map(v -> page.more() && !keys.isEmpty());
        });
    }

    private Future<Void> entry(String key) {
        if (counts.failedInARow() >= FAILED_IN_A_ROW_MAX) {
            return Future.failedFuture(new IllegalStateException(
                    FAILED_IN_A_ROW_MAX + " entries in a row could not be moved; the last ones are named"));
        }
        if (CacheId.parse(key).isEmpty()) {
            counts.add(MoveCounts.Of.FOREIGN);
            return Future.succeededFuture();
        }
        return Future.succeededFuture(key)
                .compose(previous::head)
                .compose(found -> found.map(this::seen).orElseGet(Future::succeededFuture))
                .recover(cause -> {
                    if (cause instanceof Conflict) {
                        counts.add(MoveCounts.Of.CHANGED);
                    } else {
                        counts.failed(key, cause);
                    }
                    return Future.succeededFuture();
                });
    }

    private Future<Void> seen(Stored stored) {
        long now = clock.instant().getEpochSecond();
        return EntryReader.of(stored, now, previous.upkeep()::lastUsed)
                .compose(entry -> own.head(stored.key()).compose(found -> {
                    MoveRules.Decision decision = MoveRules.decide(entry, Entry.of(found, now));
                    count(stored, decision);
                    return switch (decision) {
                        case MoveRules.Decision.Copy copy -> copied(entry, stored, copy.condition());
                        case MoveRules.Decision.Compare compare -> compared(stored, compare.copy());
                        case MoveRules.Decision.Leave left -> Future.succeededFuture();
                    };
                }));
    }

    private void count(Stored stored, MoveRules.Decision decision) {
        boolean foreign = decision instanceof MoveRules.Decision.Leave leave && leave.why() == MoveRules.Left.FOREIGN;
        counts.add(foreign ? MoveCounts.Of.FOREIGN : MoveCounts.Of.ENTRIES);
        if (decision instanceof MoveRules.Decision.Leave leave) {
            switch (leave.why()) {
                case THERE -> counts.add(MoveCounts.Of.THERE);
                case OVER -> counts.add(MoveCounts.Of.OVER);
                case OCCUPIED ->
                    counts.failed(stored.key(), new IllegalStateException("an object of others is in its place"));
                case FOREIGN -> {}
            }
        }
    }

    private Future<Void> copied(Entry entry, Stored stored, Precondition condition) {
        AtomicReference<Optional<Digest>> wrong = new AtomicReference<>(Optional.empty());
        return previous.get(stored.key(), ByteRange.ALL, Optional.of(stored.etag()))
                .compose(found ->
                        found.isPresent() ? Future.succeededFuture(found.get()) : Future.failedFuture(new Conflict()))
                .compose(opened -> {
                    PassedBytes bytes = new PassedBytes(checked(opened, wrong), algorithm);
                    return own.put(
                                    stored.key(),
                                    Body.exact(bytes, stored.lengthBytes()),
                                    MoveRules.ofCopy(stored),
                                    whileUnchanged(stored, condition))
                            .compose(etag -> proved(stored, etag, bytes));
                })
                .compose(v -> entry instanceof Entry.File ? lastUse(stored.key()) : Future.succeededFuture())
                .recover(cause -> {
                    if (wrong.get().isEmpty()) {
                        return Future.failedFuture(cause);
                    }
                    counts.damaged(
                            stored.key(),
                            "in the previous store its bytes have the digest "
                                    + wrong.get().get() + "; it was not copied");
                    return Future.succeededFuture();
                });
    }

    private ByteSource checked(Download opened, AtomicReference<Optional<Digest>> wrong) {
        Stored stored = opened.stored();
        ByteSource resumed = new ResumedDownload(vertx, previous, opened, ResumedDownload.HELD);
        return Stream.concat(stored.digests().stream(), EntryMetadata.hashes(stored).stream())
                .findFirst()
                .<ByteSource>map(expected -> new CheckedDownload(
                        resumed, stored.lengthBytes(), expected, found -> wrong.set(Optional.of(found))))
                .orElse(resumed);
    }

    /** What was replaced or removed while its bytes were on their way is not published. */
    private Guard whileUnchanged(Stored stored, Precondition condition) {
        return new Guard() {
            @Override
            public Precondition first() {
                return condition;
            }

            @Override
            public Future<Precondition> atPublish() {
                return previous.head(stored.key())
                        .compose(again -> again.filter(stored::isSameVersion).isPresent()
                                ? Future.succeededFuture(condition)
                                : Future.failedFuture(new Conflict()));
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
    }

    /** What the new store says of the copy; nothing where somebody has replaced that already. */
    private Future<Void> proved(Stored stored, String etag, PassedBytes bytes) {
        Digest sent = bytes.digest();
        return own.head(stored.key()).map(found -> {
            boolean differs = found.filter(copy -> copy.etag().equals(etag))
                    .filter(copy -> copy.lengthBytes() != stored.lengthBytes() || isOther(List.of(sent), copy))
                    .isPresent();
            if (differs) {
                counts.damaged(stored.key(), "in the new store it has another length or digest than was sent");
            } else {
                counts.add(MoveCounts.Of.COPIED);
                counts.add(MoveCounts.Of.BYTES, bytes.bytes());
            }
            return null;
        });
    }

    private static boolean isOther(List<Digest> digests, Stored copy) {
        return copy.digests().stream()
                .anyMatch(kept -> digests.stream()
                        .anyMatch(digest -> digest.algorithm() == kept.algorithm() && !digest.equals(kept)));
    }

    private Future<Void> compared(Stored stored, Stored copy) {
        if (copy.lengthBytes() != stored.lengthBytes() || isOther(stored.digests(), copy)) {
            counts.damaged(stored.key(), "both stores have it, of different length or digest");
            return Future.succeededFuture();
        }
        counts.add(MoveCounts.Of.SAME);
        return lastUse(stored.key()); // which a move that was killed may not have noted
    }

    /** Read behind the copy, since from then on uses are noted there. */
    private Future<Void> lastUse(String key) {
        return previous.upkeep()
                .lastUsed(key)
                .compose(day -> day.isEmpty()
                        ? Future.succeededFuture()
                        : own.upkeep()
                                .lastUsed(key)
                                .map(noted -> ReadThroughUpkeep.later(noted, day))
                                .compose(later -> later.equals(day) ? noted(key, day) : Future.succeededFuture()));
    }

    private Future<Void> noted(String key, OptionalLong day) {
        return own.upkeep()
                .used(key, day.getAsLong())
                .recover(cause -> cause instanceof UnsupportedOperationException
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause));
    }
}
