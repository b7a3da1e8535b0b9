package us.kbase.caching.move;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.ConflictRetry;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.stream.ByteSource;

/**
 * Two stores as one, while a cache moves from one to the other: what is not in the new store is read from the previous one, and everything
 * is written to the new one. To the previous store nothing is written but notes of last use, and of it only what is deleted is removed.
 * Event loop of both stores.
 */
public final class ReadThroughStore implements ObjectStore {

    private static final Logger log = LoggerFactory.getLogger(ReadThroughStore.class);

    private final ObjectStore own;
    private final ObjectStore previous;
    private final InstantSource clock;
    private final Upkeep upkeep;
    private Optional<Future<Void>> asked = Optional.empty();
    private boolean previousAnswers = true;

    /**
     * A store that reads through.
     *
     * @param own the new store
     * @param clock the new store's time
     */
    public ReadThroughStore(ObjectStore own, ObjectStore previous, InstantSource clock) {
        this.own = own;
        this.previous = previous;
        this.clock = clock;
        this.upkeep = new ReadThroughUpkeep(own, previous, clock, this::head);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return own.head(key)
                .compose(found -> MoveRules.mayBeHidden(found, now())
                        ? hidden(key, found)
                                .map(shown -> shown.map(PreviousVersion::shown).or(() -> found))
                        : Future.succeededFuture(found));
    }

    /** What counts in the previous store, if anything does. */
    private Future<Optional<Stored>> hidden(String key, Optional<Stored> found) {
        return previous.head(key)
                .compose(there -> there.isEmpty() || found.isEmpty()
                        ? Future.succeededFuture(there)
                        : EntryReader.of(there.get(), now(), previous.upkeep()::lastUsed)
                                .map(entry -> there.filter(stored -> entry instanceof Entry.File)));
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        if (etag.isPresent()) {
            Optional<String> there = PreviousVersion.etag(etag.get());
            return there.isPresent() ? fromPrevious(key, range, there) : own.get(key, range, etag);
        }
        return own.get(key, range, etag)
                .compose(found -> MoveRules.mayBeHidden(found.map(Download::stored), now())
                        ? behind(key, range, found)
                        : Future.succeededFuture(found))
                .recover(cause -> cause instanceof Failure.RangeNotSatisfiable
                        ? behindPlaceholder(key, range, cause)
                        : Future.failedFuture(cause));
    }

    private Future<Optional<Download>> fromPrevious(String key, ByteRange range, Optional<String> etag) {
        return previous.get(key, range, etag).map(found -> found.map(PreviousVersion::shown));
    }

    private Future<Optional<Download>> behind(String key, ByteRange range, Optional<Download> found) {
        if (found.isEmpty()) {
            return fromPrevious(key, range, Optional.empty());
        }
        ByteSource opened = found.get().bytes();
        return hidden(key, found.map(Download::stored))
                .onFailure(cause -> opened.cancel())
                .compose(there -> {
                    if (there.isEmpty()) {
                        return Future.succeededFuture(found);
                    }
                    opened.cancel();
                    return fromPrevious(key, range, there.map(Stored::etag));
                });
    }

    /** A placeholder is shorter than the result that it may hide. */
    private Future<Optional<Download>> behindPlaceholder(String key, ByteRange range, Throwable cause) {
        return head(key)
                .compose(found -> found.flatMap(stored -> PreviousVersion.etag(stored.etag()))
                        .map(etag -> fromPrevious(key, range, Optional.of(etag)))
                        .orElseGet(() -> Future.failedFuture(cause)));
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        Guard onBoth = new OnBoth(key, guard);
        return isPlaceholderOverOwn(metadata, guard)
                ? own.head(key)
                        .onFailure(cause -> body.bytes().cancel())
                        .compose(found -> own.put(key, body, MoveRules.placeholderOver(found, metadata, now()), onBoth))
                : own.put(key, body, metadata, onBoth);
    }

    private static boolean isPlaceholderOverOwn(Map<String, String> metadata, Guard guard) {
        return Entry.PLACEHOLDER.equals(metadata.get("filename"))
                && guard.first() instanceof Precondition.Matches matches
                && PreviousVersion.etag(matches.etag()).isEmpty();
    }

    /** A guard of what is shown, kept by the new store alone: nobody but who knows of the new store writes to the previous one. */
    private final class OnBoth implements Guard {
        private final String key;
        private final Guard guard;

        OnBoth(String key, Guard guard) {
            this.key = key;
            this.guard = guard;
        }

        @Override
        public Precondition first() {
            return guard.first();
        }

        @Override
        public Future<Precondition> atPublish() {
            return guard.atPublish();
        }

        @Override
        public Future<Precondition> afterConflict() {
            return guard.afterConflict();
        }

        @Override
        public boolean toleratesUnknownTries() {
            return guard.toleratesUnknownTries();
        }

        @Override
        public Future<String> publish(Function<Precondition, Future<Optional<String>>> attempt) {
            return guard.publish(condition -> translated(condition)
                    .compose(holds -> holds.map(attempt).orElseGet(() -> Future.succeededFuture(Optional.empty()))));
        }

        /** The condition on the new store; nothing where it does not hold on what is shown. */
        private Future<Optional<Precondition>> translated(Precondition condition) {
            return switch (condition) {
                case Precondition.Absent absent ->
                    previous.head(key)
                            .map(there -> there.isEmpty() ? Optional.of(condition) : Optional.<Precondition>empty());
                case Precondition.Matches matches ->
                    PreviousVersion.etag(matches.etag()).isPresent()
                            ? ontoPrevious(matches.etag())
                            : Future.succeededFuture(Optional.of(condition));
            };
        }

        private Future<Optional<Precondition>> ontoPrevious(String shown) {
            return own.head(key)
                    .compose(found -> MoveRules.mayBeHidden(found, now())
                            ? hidden(key, found)
                                    .map(there -> there.map(PreviousVersion::shown)
                                            .filter(stored -> stored.etag().equals(shown))
                                            .map(same -> inPlaceOf(found)))
                            : Future.succeededFuture(Optional.empty()));
        }
    }

    static Precondition inPlaceOf(Optional<Stored> found) {
        return found.<Precondition>map(stored -> new Precondition.Matches(stored.etag()))
                .orElseGet(Precondition.Absent::new);
    }

    /**
     * What was there leaves a tombstone in the new store: a move that read the object before it was removed finds its place taken. So it
     * does where the previous store has nothing any more, since the object may have been removed, and its id reserved again, before.
     */
    @Override
    public Future<Void> delete(String key) {
        return previous.head(key)
                .compose(there -> removed(there)
                        .compose(v -> ConflictRetry.whileConflict(
                                () -> own.head(key).compose(found -> buried(there, found)))));
    }

    private Future<Void> removed(Optional<Stored> there) {
        return there.map(stored -> previous.delete(stored.key())).orElseGet(Future::succeededFuture);
    }

    private Future<Void> buried(Optional<Stored> there, Optional<Stored> found) {
        return there.or(() -> found)
                .map(gone -> own.put(
                                gone.key(), marker(), MoveRules.tombstone(gone, now()), Guard.once(inPlaceOf(found)))
                        .<Void>mapEmpty())
                .orElseGet(Future::succeededFuture);
    }

    /** A body of its own, so that its ETag cannot come back. */
    static Body marker() {
        Buffer nonce =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        return new Body(ByteSource.of(nonce), nonce.length());
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return Future.all(own.list(after, limit), previous.list(after, limit))
                .map(both -> MergedPage.of(both.resultAt(0), both.resultAt(1), limit));
    }

    @Override
    public Upkeep upkeep() {
        return upkeep;
    }

    /**
     * As the new store says: while the previous one is down, what is in the new one is served. Of that nothing is made, and the first time
     * one that refuses us fails this, so that a mistyped one is told at the start; later it is only told of in the log.
     */
    @Override
    public Future<Void> prepare() {
        return own.prepare().compose(ready -> {
            boolean isFirst = asked.isEmpty();
            Future<Void> answered = asked.filter(asking -> !asking.isComplete())
                    .orElseGet(() -> previous.list("", 1).<Void>mapEmpty().onComplete(this::told));
            asked = Optional.of(answered);
            return isFirst
                    ? answered.recover(cause ->
                            cause instanceof Failure.Upstream ? Future.succeededFuture() : Future.failedFuture(cause))
                    : Future.succeededFuture();
        });
    }

    private void told(AsyncResult<Void> answer) {
        if (answer.succeeded() == previousAnswers) {
            return;
        }
        previousAnswers = answer.succeeded();
        if (previousAnswers) {
            log.info("The previous store answers");
        } else {
            log.warn(
                    "The previous store does not answer; what is not copied yet gets 503: {}",
                    Reason.of(answer.cause()));
        }
    }

    @Override
    public Future<Void> close() {
        return Future.join(own.close(), previous.close()).mapEmpty();
    }

    /** Fails with {@link Conflict} where a condition did not hold: for those who ask whether it did. */
    static Future<Boolean> held(Future<String> put) {
        return put.map(true)
                .recover(cause ->
                        cause instanceof Conflict ? Future.succeededFuture(false) : Future.failedFuture(cause));
    }
}
