package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.FaultTally;
import us.kbase.caching.testing.OnRawS3;

/**
 * A server that lies to other calls than a download: each lie to each request that it can be told to, seeded. The call fails, and
 * whoever acts on such answers destroys nothing, replaces nothing and tells no success that is none. {@code -Dlies=1000} tells more
 * of each. What no answer shows is beyond this: one that is that of another object in all of its parts.
 */
class LyingServerCallsTest extends OnRawS3 {

    private static final int LIES = Integer.getInteger("lies", 6);
    private static final FaultTally TALLY = new FaultTally(LyingServerCallsTest.class);

    private final HonestS3 bucket = new HonestS3(clock);

    @BeforeEach
    void answer() {
        answerLate(bucket::answer);
    }

    @AfterAll
    static void tell() {
        TALLY.print();
    }

    @ParameterizedTest
    @EnumSource
    void theTruthIsBelieved(StoreCall call) {
        loop.call(() -> call.on(store).mapEmpty());
        awaitNothingHeld();
    }

    static Stream<Arguments> liesToCalls() {
        return Arrays.stream(CallLie.values())
                .flatMap(lie -> Arrays.stream(StoreCall.values())
                        .filter(call -> lie.requests().contains(call.request()))
                        // A marker's content means nothing, and nobody compares it.
                        .filter(call -> lie != CallLie.OTHER_BYTES_RECEIVED || call != StoreCall.STRIKE)
                        .map(call -> Arguments.of(lie, call)));
    }

    @ParameterizedTest
    @MethodSource("liesToCalls")
    void noLieIsBelieved(CallLie lie, StoreCall call) {
        for (int seed = 0; seed < LIES; seed++) {
            bucket.begin();
            bucket.hearsNothing();
            AtomicInteger told = bucket.tells(lie, call.request(), seed);
            Map<String, HonestS3.Held> before = bucket.objects();
            assertInstanceOf(
                    Failure.Upstream.class, loop.failureOf(() -> call.on(store)), lie.name() + " " + call + " " + seed);
            assertTrue(told.get() > 0);
            TALLY.injected(told.get());
            TALLY.refused();
            server.forget();
            assertEquals(before, bucket.objects());
        }
        awaitNothingHeld();
    }
}
