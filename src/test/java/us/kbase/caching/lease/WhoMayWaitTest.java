package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;

/** Rights are decided before anybody waits, whatever the entry is by then and whatever the line knew of it before. */
class WhoMayWaitTest {

    private static final CacheId ID = new CacheId("job");
    private static final String OWNER = "url:owner";
    private static final String STRANGER = "url:stranger";

    private final InstantSource clock = InstantSource.system();
    private final MemoryBucket bucket = new MemoryBucket(clock);
    private final ObjectStore store = bucket.view(MemoryBucket.Turn.AT_ONCE);
    private Vertx vertx;
    private LeaseService leases;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        leases = Loop.await(LeaseService.start(
                vertx,
                () -> store,
                clock,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(changed -> {}, Duration.ofHours(1), Budget.of("waiters", 1 << 20))));
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private void put(Map<String, String> metadata, Buffer body) {
        Precondition condition = bucket.stored(ID.value())
                .map(Stored::etag)
                .<Precondition>map(Precondition.Matches::new)
                .orElseGet(Precondition.Absent::new);
        Loop.await(
                store.put(ID.value(), new Body(ByteSource.of(body), body.length()), metadata, Guard.once(condition)));
    }

    private static LeaseRecord held(long deadlineMillis) {
        return new LeaseRecord(
                1,
                Optional.of(new LeaseRecord.Held("secret", "the holder's words", 60, deadlineMillis)),
                Optional.empty());
    }

    private void becomes(String kind) {
        Map<String, String> metadata =
                new TreeMap<>(Map.of("expiration", "99999999999", "filename", "placeholder", "token_id", OWNER));
        Instant now = clock.instant();
        switch (kind) {
            case "ABSENT" -> bucket.clear();
            case "FREE" -> put(metadata, LeaseRecord.NONE.body());
            case "LEASED" ->
                put(metadata, held(now.plusSeconds(60).toEpochMilli()).body());
            case "OVERDUE" ->
                put(metadata, held(now.minusSeconds(1).toEpochMilli()).body());
            case "FILE" -> {
                metadata.put("filename", "f");
                put(metadata, Buffer.buffer("content"));
            }
            case "EXPIRED" -> {
                metadata.put("expiration", "1");
                put(metadata, LeaseRecord.NONE.body());
            }
            case "TOMBSTONE" -> {
                metadata.put("strike-until", Long.toString(now.getEpochSecond() + 10));
                put(metadata, LeaseRecord.NONE.body());
            }
            case "FOREIGN" -> put(Map.of(), Buffer.buffer("content"));
            default -> throw new IllegalArgumentException(kind);
        }
    }

    @ParameterizedTest(name = "{0}, wait {1} s, line known: {3}")
    @CsvSource({
        "ABSENT, 1, 404, true",
        "ABSENT, 1, 404, false",
        "FREE, 1, 403, true",
        "FREE, 1, 403, false",
        "FREE, 0, 403, true",
        "LEASED, 1, 403, true",
        "LEASED, 1, 403, false",
        "LEASED, 0, 403, true",
        "OVERDUE, 1, 403, true",
        "OVERDUE, 1, 403, false",
        "FILE, 1, 403, true",
        "FILE, 1, 403, false",
        "EXPIRED, 1, 404, true",
        "EXPIRED, 1, 404, false",
        "TOMBSTONE, 1, 404, true",
        "TOMBSTONE, 1, 404, false",
        "FOREIGN, 1, 403, true",
        "FOREIGN, 1, 403, false"
    })
    void aStrangerIsRefusedByWhatTheEntryIs(String kind, int waitSeconds, int status, boolean known) {
        if (known) {
            becomes("LEASED");
            leases.ask(ID, OWNER, request(30), Departures.NEVER);
            Loop.await(leases.ask(ID, OWNER, request(0), Departures.NEVER));
        }
        becomes(kind);
        Throwable refused =
                new Loop(vertx).failureOf(() -> leases.ask(ID, STRANGER, request(waitSeconds), Departures.NEVER));
        Class<?> expected = status == 403 ? Failure.Forbidden.class : Failure.NotFound.class;
        assertEquals(expected, refused.getClass());
    }

    @Test
    void whoAsksForARenewedResultIsShownTheExpiryThatHolds() {
        becomes("FILE");
        put(Map.of("expiration", "1", "filename", "f", "token_id", OWNER, "idle-days", "3"), Buffer.buffer("content"));
        long today = clock.instant().getEpochSecond() / 86_400;
        Loop.await(store.upkeep().used(ID.value(), today));
        LeaseAnswer.Ready ready = (LeaseAnswer.Ready) Loop.await(leases.ask(ID, OWNER, request(0), Departures.NEVER));
        assertEquals(Long.toString((today + 4) * 86_400), ready.metadata().get("expiration"));
    }

    private static LeaseRequest request(int waitSeconds) {
        return new LeaseRequest(60, waitSeconds, "me", LeaseRequest.Intent.WATCH);
    }
}
