package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.s3.client.CallTimeouts;
import us.kbase.caching.store.s3.write.WriteLife;

/** Whatever was admitted while a result lived has ended when a sweep takes it. */
class GraceTest {

    private static final Duration CONDITION_IS_USED_FOR = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(ints = {1, 180, 217, 3600})
    void allTriesOfAPublishEndWithinTheGrace(int waitSeconds) {
        Duration turn = CallTimeouts.underWay(Duration.ofSeconds(waitSeconds));
        Duration longest = turn.plus(ANSWER)
                .multipliedBy(Retries.TRIES_MAX)
                .plus(CONDITION_IS_USED_FOR)
                .plus(WriteLife.LANDS_WITHIN);
        assertTrue(longest.compareTo(Verdict.GRACE) < 0, longest + " after it was admitted");
    }
}
