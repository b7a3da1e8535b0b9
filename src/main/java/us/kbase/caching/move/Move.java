package us.kbase.caching.move;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
import us.kbase.caching.store.WrongChecksum;
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
                        case MoveRules.Decision.Copy copy -> copied(entry, stored, copy);
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

    private Future<Void> copied(Entry entry, Stored stored, MoveRules.Decision.Copy copy) {
        if (entry instanceof Entry.Placeholder && stored.lengthBytes() == 0) {
            // The original's are empty, and share their ETag with every empty result.
            return published(entry, stored, copy, ReadThroughStore.marker());
        }
        AtomicReference<Optional<Digest>> wrong = new AtomicReference<>(Optional.empty());
        return previous.get(stored.key(), ByteRange.ALL, Optional.of(stored.etag()))
                .compose(found ->
                        found.isPresent() ? Future.succeededFuture(found.get()) : Future.failedFuture(new Conflict()))
                .compose(opened ->
                        published(entry, stored, copy, Body.exact(checked(opened, wrong), stored.lengthBytes())))
                .compose(v -> entry instanceof Entry.File ? lastUse(stored.key()) : Future.succeededFuture())
                // The copy says itself until when it lives.
                .recover(cause -> cause instanceof UnsupportedOperationException
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause))
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

    private Future<Void> published(Entry entry, Stored stored, MoveRules.Decision.Copy copy, Body body) {
        PassedBytes bytes = new PassedBytes(body.bytes(), algorithm);
        return own.put(
                        stored.key(),
                        Body.exact(bytes, body.lengthMaxBytes()),
                        MoveRules.ofCopy(entry, stored),
                        whileUnchanged(stored, copy))
                .recover(cause -> WrongChecksum.published(cause)
                        .map(etag -> takenBack(stored, etag))
                        .orElseGet(Future::succeededFuture)
                        .compose(v -> Future.failedFuture(cause)))
                .compose(etag -> proved(stored, etag, bytes));
    }

    /** What is not what was sent hides the previous store's result no longer; what somebody published over it since stays. */
    private Future<Void> takenBack(Stored stored, String etag) {
        return ReadThroughStore.held(own.put(
                        stored.key(),
                        ReadThroughStore.marker(),
                        MoveRules.placeholderOf(stored),
                        Guard.once(new Precondition.Matches(etag))))
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(new IllegalStateException(
                        "the new store holds other bytes than were sent, and they could not be taken back: "
                                + cause.getMessage(),
                        cause)));
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

    /**
     * What was replaced or removed while its bytes were on their way is not published. Nor is it where what it takes the place of was
     * replaced: an ETag may name bytes, and stand for another's by now.
     */
    private Guard whileUnchanged(Stored stored, MoveRules.Decision.Copy copy) {
        return new Guard() {
            @Override
            public Precondition first() {
                return copy.condition();
            }

            @Override
            public Future<Precondition> atPublish() {
                return still(previous, stored)
                        .compose(v -> copy.over()
                                .map(replaced -> still(own, replaced))
                                .orElseGet(Future::succeededFuture))
                        .map(v -> copy.condition());
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
    }

    private static Future<Void> still(ObjectStore store, Stored seen) {
        return store.head(seen.key())
                .compose(again -> again.filter(seen::isSameVersion).isPresent()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Conflict()));
    }

    /** What the new store says of the copy; nothing where somebody has replaced that already. */
    private Future<Void> proved(Stored stored, String etag, PassedBytes bytes) {
        Digest sent = bytes.digest();
        return own.head(stored.key()).compose(found -> {
            boolean differs = found.filter(copy -> copy.etag().equals(etag))
                    .filter(copy -> copy.lengthBytes() != bytes.bytes() || isOther(List.of(sent), copy))
                    .isPresent();
            if (differs) {
                counts.damaged(stored.key(), "in the new store it had another length or digest than was sent");
                return takenBack(stored, etag);
            }
            counts.add(MoveCounts.Of.COPIED);
            counts.add(MoveCounts.Of.BYTES, bytes.bytes());
            return Future.succeededFuture();
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
        return lastUse(stored.key()) // which a move that was killed may not have noted
                .recover(cause ->
                        cause instanceof UnsupportedOperationException ? unnoted(copy) : Future.failedFuture(cause))
                .onSuccess(v -> counts.add(MoveCounts.Of.SAME));
    }

    private Future<Void> unnoted(Stored copy) {
        return Entry.of(copy, clock.instant().getEpochSecond()) instanceof Entry.Expired
                ? Future.failedFuture(new IllegalStateException(
                        "its copy has expired, since the new store keeps no tags and so no day of last use"))
                : Future.succeededFuture();
    }

    /**
     * Read behind the copy, since from then on uses are noted there. Fails with {@link UnsupportedOperationException} where the new store
     * keeps no such notes.
     */
    private Future<Void> lastUse(String key) {
        return previous.upkeep()
                .lastUsed(key)
                .compose(day -> day.isEmpty()
                        ? Future.succeededFuture()
                        : own.upkeep()
                                .lastUsed(key)
                                .map(noted -> ReadThroughUpkeep.later(noted, day))
                                .compose(later -> later.equals(day)
                                        ? own.upkeep().used(key, day.getAsLong())
                                        : Future.succeededFuture()));
    }
}
