package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.SteppedStore;
import us.kbase.caching.testing.Stores;

/** A sweep is held between every two of its steps while the owner publishes the same bytes again: they must survive (P6, P9). */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class SweepRaceIT {

    private static final String OWNER = "http://auth:5000:username";
    private static final Buffer BYTES = Buffer.buffer("the same bytes as before");
    private static final int STEPS_MAX = 7;

    @Parameter
    Stores.Kind kind;

    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;
    private CacheService cache;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
        cache = new CacheService(
                vertx,
                store,
                InstantSource.system(),
                new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed -> {}));
    }

    @AfterEach
    void close() {
        loop.call(store::close);
        Loop.await(vertx.close());
    }

    private Future<Void> publish(CacheId id) {
        return cache.admit(id, OWNER, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> cache.store(admitted, upload()));
    }

    /** What may have expired. */
    private enum Was {
        FILE,
        PLACEHOLDER,
        EMPTY_PLACEHOLDER_OF_THE_ORIGINAL,
        BURIED
    }

    /** One id, one sweep that is held before its n-th step, one owner who publishes again. */
    private final class Race {
        final CacheId id;
        final Was was;
        final int heldAt;
        final Promise<Void> held = Promise.promise();
        final Promise<Void> go = Promise.promise();
        private int steps;
        private String etag = "";

        Race(Was was, int heldAt) {
            this.was = was;
            this.heldAt = heldAt;
            this.id = new CacheId("race-" + was.name() + "-" + heldAt);
        }

        Removal removal() {
            SteppedStore stepped = new SteppedStore(store, (step, key) -> {
                if (steps++ == heldAt) {
                    held.tryComplete();
                    return go.future();
                }
                return Future.succeededFuture();
            });
            return new Removal(stepped.upkeep(), new Inspection(stepped.upkeep()));
        }

        /** The sweep may have fewer steps than that: then the owner comes after it. */
        Future<Removal.Outcome> sweep() {
            return removal().remove(id.value()).onComplete(done -> held.tryComplete());
        }

        Future<Void> expire() {
            return put(id.value(), expired(was)).onSuccess(put -> etag = put).mapEmpty();
        }

        Future<Void> publishAgain() {
            return cache.reserve(id, OWNER, Departures.NEVER).compose(v -> publish(id));
        }

        @Override
        public String toString() {
            return id.value();
        }
    }

    private static CacheService.Upload upload() {
        return new CacheService.Upload("result.txt", 30, new Body(ByteSource.of(BYTES), BYTES.length()));
    }

    private record Content(Map<String, String> metadata, Buffer bytes) {}

    private static Content expired(Was was) {
        Map<String, String> file =
                new HashMap<>(Map.of("expiration", "1000000000", "filename", "result.txt", "token_id", OWNER));
        Map<String, String> placeholder = new HashMap<>(file);
        placeholder.put("filename", "placeholder");
        return switch (was) {
            case FILE -> new Content(file, BYTES);
            case PLACEHOLDER -> new Content(placeholder, Buffer.buffer("{\"nonce\":\"" + Math.random() + "\"}"));
            case EMPTY_PLACEHOLDER_OF_THE_ORIGINAL -> new Content(placeholder, Buffer.buffer());
            case BURIED ->
                new Content(
                        EntryMetadata.burying(new Stored("k", "e", 1, file)),
                        Buffer.buffer("{\"nonce\":\"" + Math.random() + "\"}"));
        };
    }

    private Future<String> put(String key, Content content) {
        Guard guard = Guard.once(new Precondition.Absent());
        Body body = new Body(ByteSource.of(content.bytes()), content.bytes().length());
        return store.put(key, body, content.metadata(), guard);
    }

    private List<Race> races() {
        List<Race> races = new ArrayList<>();
        for (Was was : Was.values()) {
            for (int step = 0; step < STEPS_MAX; step++) {
                races.add(new Race(was, step));
            }
        }
        return races;
    }

    private Buffer read(CacheId id) {
        return loop.call(() -> cache.open(id, OWNER, ByteRange.ALL).compose(opened -> {
            Buffer read = Buffer.buffer();
            return Pump.run(opened.download().bytes(), chunk -> {
                        Chunk.moveTo(read, chunk);
                        return Future.succeededFuture();
                    })
                    .map(read);
        }));
    }

    private void assertAllReadable(List<Race> races) {
        Map<String, String> lost = new LinkedHashMap<>();
        for (Race race : races) {
            try {
                assertEquals(BYTES, read(race.id));
            } catch (Throwable e) {
                lost.put(race.toString(), e.toString());
            }
        }
        assertEquals(Map.of(), lost);
    }

    private <T> List<T> all(List<Race> races, java.util.function.Function<Race, Future<T>> what) {
        return loop.call(() -> {
            List<Future<T>> running = races.stream().map(what).toList();
            return Future.all(running)
                    .map(v -> running.stream().map(Future::result).toList());
        });
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aSweepHeldBetweenAnyTwoStepsCannotHitWhatWasPublishedMeanwhile() {
        List<Race> races = races();
        all(races, Race::expire);
        List<Future<Removal.Outcome>> sweeps = new ArrayList<>();
        races.forEach(race -> sweeps.add(loop.start(race::sweep)));
        all(races, race -> race.held.future());

        // Each sweep goes on the moment its owner has published, while its strikes are as young as can be.
        all(races, race -> race.publishAgain().onSuccess(v -> race.go.tryComplete()));
        sweeps.forEach(Loop::await);

        assertAllReadable(races);
        for (Race race : races) {
            if (race.was == Was.FILE && !store.upkeep().etagNamesVersion()) {
                assertEquals(
                        race.etag,
                        loop.call(() -> store.head(race.id.value()))
                                .orElseThrow()
                                .etag(),
                        "same bytes, same ETag");
            }
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aSweepThatGoesOnWhileTheOwnerPublishesCannotHitTheResult() {
        List<Race> races = races();
        all(races, Race::expire);
        List<Future<Removal.Outcome>> sweeps = new ArrayList<>();
        races.forEach(race -> sweeps.add(loop.start(race::sweep)));
        all(races, race -> race.held.future());

        List<Future<Void>> publishing = new ArrayList<>();
        races.forEach(race -> publishing.add(loop.start(() -> {
            Future<Void> published = race.publishAgain();
            race.go.tryComplete();
            return published;
        })));
        publishing.forEach(Loop::await);
        sweeps.forEach(Loop::await);

        assertAllReadable(races);
    }

    /** Two sweepers at once: the other one removes the entry whole, and the id looks new to the owner. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aSweepHeldWhileAnotherOneRemovesTheEntryCannotHitWhatIsPublishedThen() {
        List<Race> races = new ArrayList<>();
        for (int step = 0; step < STEPS_MAX; step++) {
            races.add(new Race(Was.FILE, step));
        }
        all(races, Race::expire);
        List<Future<Removal.Outcome>> sweeps = new ArrayList<>();
        races.forEach(race -> sweeps.add(loop.start(race::sweep)));
        all(races, race -> race.held.future());

        SweepReport other = loop.call(() -> new Sweep(
                        vertx,
                        store,
                        new us.kbase.caching.store.StoreTime(InstantSource.system()),
                        SweepOptionsForTests.EVERYTHING)
                .run());
        assertTrue(other.removed() > 0, other.summary());
        all(races, Race::publishAgain);
        races.forEach(race -> race.go.tryComplete());
        sweeps.forEach(Loop::await);

        assertAllReadable(races);
    }

    /** The deletion takes away the placeholder that says when the result was replaced. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aSweepHeldWhileTheOwnerMakesDeletesAndMakesTheIdAgainCannotHitWhatIsPublishedThen() {
        List<Race> races = new ArrayList<>();
        for (int step = 0; step < STEPS_MAX; step++) {
            races.add(new Race(Was.FILE, step));
        }
        all(races, Race::expire);
        List<Future<Removal.Outcome>> sweeps = new ArrayList<>();
        races.forEach(race -> sweeps.add(loop.start(race::sweep)));
        all(races, race -> race.held.future());

        all(
                races,
                race -> cache.reserve(race.id, OWNER, Departures.NEVER)
                        .compose(v -> cache.remove(race.id, Requester.user(OWNER), ResultCheck.NONE, Departures.NEVER))
                        .compose(v -> race.publishAgain())
                        .onSuccess(v -> race.go.tryComplete()));
        sweeps.forEach(Loop::await);

        assertAllReadable(races);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anOwnersUploadToAnExpiredEntryIsTakenWithoutAskingForTheIdAgain() {
        Race race = new Race(Was.FILE, STEPS_MAX);
        loop.call(race::expire);

        loop.call(() -> publish(race.id));

        assertEquals(BYTES, read(race.id));
    }

    /** Shows that the races above can be lost: by looking and then deleting. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void lookingAndThenDeletingLosesTheResult() {
        Race race = new Race(Was.FILE, STEPS_MAX);
        loop.call(race::expire);
        Optional<Inspection.Seen> seen = loop.call(() -> new Inspection(store.upkeep()).look(race.id.value()));
        assertTrue(seen.orElseThrow().verdict().isExpired());

        loop.call(race::publishAgain);
        loop.call(() -> store.delete(race.id.value()));

        assertFalse(loop.call(() -> store.head(race.id.value())).isPresent());
    }
}
