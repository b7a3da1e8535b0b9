package us.kbase.caching.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedProbeTest {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<Promise<String>> calls = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SharedProbe<String> probe = new SharedProbe<>(
            () -> {
                Promise<String> call = Promise.promise();
                calls.add(call);
                return call.future();
            },
            new Backoff(PAUSE, PAUSE, () -> 0.5),
            nanos::get);

    @Test
    void oneCallAnswersAllWhoAskMeanwhileAndLater() {
        List<Future<String>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(probe.ask());
        }
        calls.get(0).complete("kept");
        asked.add(probe.ask());
        assertTrue(asked.stream().allMatch(answer -> "kept".equals(answer.result())));
        assertEquals(1, calls.size());
    }

    @Test
    void afterAFailureNobodyAsksAgainBeforeThePauseIsOver() {
        probe.ask();
        calls.get(0).fail("down");
        nanos.set(50_000_000);
        assertTrue(probe.ask().failed());
        assertEquals(1, calls.size());
        nanos.set(52_000_000);
        Future<String> again = probe.ask();
        assertEquals(2, calls.size());
        calls.get(1).complete("kept");
        assertEquals("kept", again.result());
    }
}
