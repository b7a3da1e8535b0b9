package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.OriginalsResult;
import us.kbase.caching.testing.Stores;

/** Races of the fault catalogue on every store. P9 has {@link SweepRaceIT}, P7 and P19 have {@link SweepStopsTest}. */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class NamedFaultsIT {

    private static final String ME = "url:me";

    @Parameter
    Stores.Kind kind;

    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;
    private CacheService cache;
    private CacheId id;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
        cache = newGateway();
        id = new CacheId(UUID.randomUUID().toString());
    }

    /** One that remembers no downloads. */
    private CacheService newGateway() {
        return new CacheService(
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

    private Future<Void> publish(String content) {
        Buffer bytes = Buffer.buffer(content);
        return cache.admit(id, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> cache.store(
                        admitted, new CacheService.Upload("f", 30, new Body(ByteSource.of(bytes), bytes.length()))));
    }

    private String read() {
        Buffer read = Buffer.buffer();
        loop.call(() -> cache.open(id, ME, ByteRange.ALL)
                .compose(opened -> Pump.run(opened.download().bytes(), chunk -> {
                    Chunk.moveTo(read, chunk);
                    return Future.succeededFuture();
                })));
        return read.toString();
    }

    @DisplayName("P8: many cache_ids while a result is published never put a placeholder over it")
    @RepeatedTest(5)
    void p8NoPlaceholderTakesTheResultsPlace() {
        loop.call(() -> cache.reserve(id, ME, Departures.NEVER));
        Future<Void> published = loop.start(() -> publish("the result"));
        while (!published.isComplete()) {
            loop.call(() -> cache.reserve(id, ME, Departures.NEVER));
        }
        Loop.await(published);
        assertEquals(
                "f", loop.call(() -> cache.reserve(id, ME, Departures.NEVER)).get("filename"));
        assertEquals("the result", read());
    }

    @DisplayName("P10: a use that is noted while the result is replaced leaves the new bytes, name and time alone")
    @RepeatedTest(5)
    void p10ANotedUseBringsNoOldBytesBack() {
        loop.call(() -> cache.reserve(id, ME, Departures.NEVER));
        loop.call(() -> publish("old"));
        for (int i = 0; i < 10; i++) {
            String content = "new " + i;
            Future<Void> noted = loop.start(() -> newGateway().downloaded(OriginalsResult.of(id)));
            Future<Void> replaced = loop.start(() -> publish(content));
            Future<Void> notedAgain = loop.start(() -> newGateway().downloaded(OriginalsResult.of(id)));
            Loop.await(Future.all(noted, replaced, notedAgain));
            String etag = loop.call(() -> store.head(id.value())).orElseThrow().etag();
            loop.call(() -> newGateway().downloaded(OriginalsResult.of(id)));
            assertEquals(content, read());
            assertEquals(
                    etag, loop.call(() -> store.head(id.value())).orElseThrow().etag());
        }
    }

    @DisplayName("P10: a download renews a result that is about to expire, and a sweep then leaves it")
    @Test
    void p10ADownloadRenewsTheResult() {
        String expired = Long.toString(Instant.now().getEpochSecond() - 3 * 86_400);
        Buffer bytes = Buffer.buffer("used");
        loop.call(() -> store.put(
                id.value(),
                new Body(ByteSource.of(bytes), bytes.length()),
                Map.of("expiration", expired, "filename", "f", "token_id", ME),
                Guard.once(new Precondition.Absent())));
        loop.call(() -> store.upkeep().used(id.value(), Instant.now().getEpochSecond() / 86_400));

        SweepReport report = loop.call(() ->
                new Sweep(vertx, store, new StoreTime(InstantSource.system()), SweepOptionsForTests.EVERYTHING).run());

        assertEquals(0, report.removed(), report.summary());
        assertEquals("used", read());
    }

    @DisplayName("P10: what replaces a used result has no use of its own yet")
    @Test
    void p10AReplacementDoesNotInheritTheUse() {
        loop.call(() -> cache.reserve(id, ME, Departures.NEVER));
        loop.call(() -> publish("old"));
        loop.call(() -> cache.downloaded(OriginalsResult.of(id)));
        loop.call(() -> publish("new"));
        assertEquals(
                java.util.OptionalLong.empty(), loop.call(() -> store.upkeep().lastUsed(id.value())));
    }
}
