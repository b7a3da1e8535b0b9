package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cache.CacheService;
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
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** A bucket that the original service, this one and strangers use: swept by us, it still serves all three. */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class MixedBucketIT {

    private static final String OWNER = "http://auth:5000:username";
    private static final String LONG_AGO = "1000000000";
    private static final String LATER =
            Long.toString(Instant.now().plus(Duration.ofDays(20)).getEpochSecond());

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

    private void put(String key, String content, Map<String, String> metadata) {
        Buffer bytes = Buffer.buffer(content);
        loop.call(() -> store.put(
                key, new Body(ByteSource.of(bytes), bytes.length()), metadata, Guard.once(new Precondition.Absent())));
    }

    /** As the original writes it: three metadata, and an empty body for a placeholder. */
    private void original(String key, String filename, String expiration) {
        put(
                key,
                filename.equals("placeholder") ? "" : "bytes of " + key,
                Map.of("expiration", expiration, "filename", filename, "token_id", OWNER));
    }

    private String read(String key) {
        Buffer read = Buffer.buffer();
        loop.call(() -> store.get(key, ByteRange.ALL)
                .compose(found -> Pump.run(found.orElseThrow().bytes(), chunk -> {
                    Chunk.moveTo(read, chunk);
                    return Future.succeededFuture();
                })));
        return read.toString();
    }

    private Map<String, Stored> objects() {
        Map<String, Stored> objects = new TreeMap<>();
        for (String key : loop.call(() -> store.list("", 1000)).keys()) {
            objects.put(key, loop.call(() -> store.head(key)).orElseThrow());
        }
        return objects;
    }

    private SweepReport sweep() {
        return loop.call(() ->
                new Sweep(vertx, store, new StoreTime(InstantSource.system()), SweepOptionsForTests.EVERYTHING).run());
    }

    private void publish(CacheId id, String content) {
        Buffer bytes = Buffer.buffer(content);
        loop.call(() -> cache.reserve(id, OWNER, Departures.NEVER)
                .compose(v -> cache.admit(id, OWNER, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER))
                .compose(admitted -> cache.store(
                        admitted,
                        new CacheService.Upload("ours.txt", 30, new Body(ByteSource.of(bytes), bytes.length())))));
    }

    /** The original's {@code expire_entries}: three metadata of every object, and one that lacks them ends it. */
    private static List<String> expiredForTheOriginal(Map<String, Stored> objects) {
        List<String> expired = new ArrayList<>();
        objects.forEach((key, stored) -> {
            long expiration = Long.parseLong(String.valueOf(stored.metadata().get("expiration")));
            assertTrue(
                    stored.metadata().containsKey("filename")
                            && stored.metadata().containsKey("token_id"),
                    key);
            if (Instant.now().getEpochSecond() > expiration) {
                expired.add(key);
            }
        });
        return expired;
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatExpiredGoesAndWhatLivesStaysAsTheOriginalWroteIt() {
        original("a".repeat(64), "reads.fa", LATER);
        original("b".repeat(64), "placeholder", LATER);
        original("c".repeat(64), "reads.fa", LONG_AGO);
        original("d".repeat(64), "placeholder", LONG_AGO);
        publish(new CacheId("e".repeat(128)), "published by us");
        Map<String, Stored> before = objects();

        SweepReport report = sweep();

        assertEquals(2, report.removed(), report.summary());
        Map<String, Stored> after = objects();
        before.remove("c".repeat(64));
        before.remove("d".repeat(64));
        assertEquals(before, after);
        assertEquals("bytes of " + "a".repeat(64), read("a".repeat(64)));
        assertEquals(List.of(), expiredForTheOriginal(after));
    }

    @Test
    void theOriginalsEntriesAreServedAndTakenOverAsOurs() {
        CacheId file = new CacheId("a".repeat(64));
        CacheId placeholder = new CacheId("b".repeat(64));
        original(file.value(), "reads.fa", LATER);
        original(placeholder.value(), "placeholder", LATER);
        sweep();

        assertEquals(
                Map.of("expiration", LATER, "filename", "reads.fa", "token_id", OWNER),
                loop.call(() -> cache.reserve(file, OWNER, Departures.NEVER)));
        publish(placeholder, "the result");
        assertEquals("the result", read(placeholder.value()));
        assertEquals(
                "ours.txt",
                loop.call(() -> store.head(placeholder.value()))
                        .orElseThrow()
                        .metadata()
                        .get("filename"));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void noForeignKeyIsTouchedNeitherBySweepNorByRequests() {
        Map<String, Map<String, String>> foreign = new LinkedHashMap<>();
        foreign.put("no-metadata", Map.of());
        foreign.put("expiration-alone", Map.of("expiration", LONG_AGO));
        foreign.put("no-number", Map.of("expiration", "tomorrow", "filename", "f", "token_id", OWNER));
        foreign.put("0".repeat(129), Map.of("expiration", LONG_AGO, "filename", "f", "token_id", OWNER));
        if (!kind.name().equals("disk")) { // there every key is an id's
            foreign.put("folder/of.another", Map.of("expiration", LONG_AGO, "filename", "f", "token_id", OWNER));
        }
        foreign.forEach((key, metadata) -> put(key, "of another", metadata));
        original("c".repeat(64), "reads.fa", LONG_AGO);
        Map<String, Stored> before = objects();

        SweepReport report = sweep();
        for (String key : foreign.keySet()) {
            CacheId.parse(key).ifPresent(id -> {
                loop.failureOf(() -> cache.remove(id, Requester.user(OWNER), ResultCheck.NONE, Departures.NEVER));
                loop.failureOf(() -> cache.admit(id, OWNER, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
                loop.failureOf(() -> cache.reserve(id, OWNER, Departures.NEVER));
            });
        }

        assertEquals(1, report.removed(), report.summary());
        assertEquals(foreign.size(), report.foreign(), report.summary());
        before.remove("c".repeat(64));
        assertEquals(before, objects());
        foreign.keySet().forEach(key -> assertEquals("of another", read(key)));
    }

    @Test
    void whatASweepLeavesHalfDoneIsStillAnExpiredPlaceholderForTheOriginal() {
        String key = "c".repeat(64);
        original(key, "reads.fa", LONG_AGO);
        Optional<Inspection.Seen> seen = loop.call(() -> new Inspection(store.upkeep()).look(key));
        var strikes = loop.call(() -> Future.succeededFuture(store.upkeep()
                .arm(
                        seen.orElseThrow().observation(),
                        us.kbase.caching.cache.EntryMetadata.burying(
                                seen.orElseThrow().observation().stored()))));
        assertTrue(loop.call(strikes::mark));

        Map<String, Stored> objects = objects();
        assertEquals(List.of(key), expiredForTheOriginal(objects));
        // Where an ETag names a version nothing takes the result's place: it is there, or it is removed.
        String left = store.upkeep().etagNamesVersion() ? "reads.fa" : "placeholder";
        assertEquals(left, objects.get(key).metadata().get("filename"));
    }
}
