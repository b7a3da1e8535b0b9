package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.expiry.Purge;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.HonestS3.Held;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.FaultTally;
import us.kbase.caching.testing.OnRawS3;

/**
 * Who acts on a lying server's answers: a sweep, a purge, a reservation, a lease, an upload, a note of use. Whatever they are told,
 * nothing is destroyed or replaced that nobody proved to be theirs, and no success is told that is none.
 */
class LyingServerUsersTest extends OnRawS3 {

    private static final int LIES = Integer.getInteger("lies", 4);
    private static final FaultTally TALLY = new FaultTally(LyingServerUsersTest.class);
    private static final CacheId LIVING = new CacheId(HonestS3.THERE);
    private static final CacheId NEW = new CacheId(HonestS3.NEW);
    private static final CacheId LEASED = new CacheId(HonestS3.AFTER);
    private static final Set<S3Request> WRITES = EnumSet.of(S3Request.PUT, S3Request.COMPLETE, S3Request.DELETE);

    /** What somebody does, and of which answers he makes use. */
    private enum User {
        A_SWEEP(EnumSet.of(S3Request.LIST, S3Request.HEAD, S3Request.TAGS, S3Request.UPLOADS, S3Request.PARTS)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return test.sweep();
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertEquals(before, after);
                assertEquals(0, ((SweepReport) told).removed());
            }
        },
        A_PURGE(EnumSet.of(S3Request.LIST, S3Request.HEAD, S3Request.DELETE)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return new Purge(test.store).remove();
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertEquals(new Purge.Count(before.size() - 1, 1), told);
                assertEquals(Set.of("zother"), after.keySet());
            }
        },
        A_RESERVATION(EnumSet.of(S3Request.HEAD)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return test.cache.reserve(LIVING, HonestS3.OWNER, Departures.NEVER);
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertEquals(before, after);
                assertEquals("f", ((Map<?, ?>) told).get("filename"));
            }
        },
        A_NEW_RESERVATION(EnumSet.of(S3Request.PUT)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return test.cache.reserve(NEW, HonestS3.OWNER, Departures.NEVER);
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertTrue(after.containsKey(HonestS3.NEW));
            }
        },
        A_LEASE(EnumSet.of(S3Request.PUT)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return test.leases.renew(LEASED, HonestS3.OWNER, HonestS3.SECRET, Optional.empty());
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertNotEquals(before.get(HonestS3.AFTER), after.get(HonestS3.AFTER));
            }
        },
        AN_UPLOAD(EnumSet.of(S3Request.PUT)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return StoreCall.PUT.on(test.store);
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertEquals(told, after.get(HonestS3.NEW).etag());
            }
        },
        AN_UPLOAD_IN_PARTS(EnumSet.of(S3Request.CREATE, S3Request.PART, S3Request.COMPLETE, S3Request.ABORT)) {
            @Override
            Future<?> acts(LyingServerUsersTest test) {
                return StoreCall.COMPLETE.on(test.store);
            }

            @Override
            void holds(Map<String, Held> before, Map<String, Held> after, Object told) {
                assertEquals(told, after.get(HonestS3.NEW).etag());
            }
        };

        private final Set<S3Request> asks;

        User(Set<S3Request> asks) {
            this.asks = asks;
        }

        abstract Future<?> acts(LyingServerUsersTest test);

        /** What must be so where success was told. */
        abstract void holds(Map<String, Held> before, Map<String, Held> after, Object told);

        /** Whose object it may change. */
        String own() {
            return this == A_LEASE ? HonestS3.AFTER : HonestS3.NEW;
        }
    }

    private final HonestS3 bucket = new HonestS3(clock);
    private LeaseService leases;
    private CacheService cache;

    @BeforeEach
    void open() {
        answerLate(bucket::answer);
        leases = loop.call(() -> LeaseService.start(
                vertx,
                () -> new S3ObjectStore(vertx, server.bucket(), means, new StoreTime(clock)),
                clock,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(changed -> {}, Duration.ofSeconds(1), Budget.of("waiters", 1 << 20))));
        cache = new CacheService(
                vertx, store, clock, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed -> {}));
    }

    @AfterAll
    static void tell() {
        TALLY.print();
    }

    private Future<SweepReport> sweep() {
        return new Sweep(
                        vertx,
                        store,
                        new StoreTime(clock),
                        new SweepOptions(
                                SweepOptions.Effect.REMOVE,
                                SweepOptions.Stops.HEED,
                                Duration.ZERO,
                                Duration.ofHours(24)))
                .run();
    }

    @Test
    void aSweepOfAnHonestServerRemovesWhatHasExpiredAndNothingElse() {
        Map<String, Held> before = bucket.objects();
        Map<String, String> placeholder = HonestS3.metadata(HonestS3.LONG_AGO);
        placeholder.put("filename", "placeholder");
        bucket.add("expired", new Held("\"expired\"", placeholder, "{\"nonce\":\"n\"}", ""));
        assertEquals(1, loop.call(this::sweep).removed());
        assertEquals(before, bucket.objects());
    }

    static Stream<Arguments> liesToUsers() {
        return Arrays.stream(User.values())
                .flatMap(user -> Arrays.stream(CallLie.values())
                        // There is nothing before a first page, and these ask for no other.
                        .filter(lie -> lie != CallLie.A_KEY_FROM_BEFORE)
                        .flatMap(lie -> user.asks.stream()
                                .filter(lie.requests()::contains)
                                .map(request -> Arguments.of(user, lie, request))));
    }

    @ParameterizedTest
    @MethodSource("liesToUsers")
    void destroysNothingAndTellsNoSuccessThatIsNone(User user, CallLie lie, S3Request to) {
        if (user == User.A_LEASE) {
            loop.call(leases::probed);
        }
        for (int seed = 0; seed < LIES; seed++) {
            bucket.begin();
            if (WRITES.contains(to) && seed % 2 == 0) {
                bucket.hearsNothing();
            }
            Map<String, Held> before = bucket.objects();
            AtomicInteger told = bucket.tells(lie, to, seed);
            Object ended = loop.call(() -> user.acts(this).transform(LyingServerUsersTest::end));
            check(user, before, ended, lie + " to " + to + ", seed " + seed);
            TALLY.injected(told.get());
            server.forget();
        }
        awaitNothingHeld();
    }

    private static Future<Object> end(io.vertx.core.AsyncResult<?> done) {
        return Future.succeededFuture(done.failed() ? done.cause() : done.result());
    }

    private void check(User user, Map<String, Held> before, Object ended, String which) {
        Map<String, Held> after = bucket.objects();
        if (ended instanceof Throwable cause) {
            assertInstanceOf(Failure.Upstream.class, cause, which);
            TALLY.refused();
        } else {
            user.holds(before, after, ended);
        }
        assertFalse(bucket.hasAborted(HonestS3.OPEN.id()), which);
        before.forEach((key, held) -> {
            boolean mayGo = key.equals(user.own()) || user == User.A_PURGE && !key.equals("zother");
            if (!mayGo && !held.equals(after.get(key))) {
                TALLY.lost();
            }
            TALLY.verified(held.content().length());
            assertTrue(mayGo || held.equals(after.get(key)), which + " changed " + key);
        });
    }

    private static Stream<Arguments> liesOfNotes() {
        return Arrays.stream(CallLie.values())
                .filter(lie -> lie.requests().contains(S3Request.TAG))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("liesOfNotes")
    void aNoteOfUseThatIsNotConfirmedIsWrittenAgain(CallLie lie) {
        var file = loop.call(() -> cache.stat(LIVING, HonestS3.OWNER));
        AtomicInteger told = bucket.tells(lie, S3Request.TAG, 1);
        loop.call(() -> cache.downloaded(file));
        loop.call(() -> cache.downloaded(file));
        assertEquals(2, told.get());
        TALLY.injected(2);
    }
}
