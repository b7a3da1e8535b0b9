package us.kbase.caching.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.testing.LogCapture;

/** Which labels a registry takes, whoever asks it. */
class ClosedLabelsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void close() {
        registry.config().meterFilter(new ClosedLabels());
    }

    private int taken() {
        return registry.getMeters().size();
    }

    @ParameterizedTest
    @CsvSource({
        "method, GET, 1",
        "method, other, 1",
        "method, get, 0",
        "method, BREW, 0",
        "code, 200, 1",
        "code, 599, 1",
        "code, 600, 0",
        "code, 99, 0",
        "code, 2OO, 0",
        "code, 2147483647, 0",
        "path, /v1, 0",
        "route, /v1, 0",
        "remote, 127.0.0.1:5, 0",
        "kind, heads, 1",
    })
    void aLabelIsTakenFromAClosedSet(String label, String value, int meters) {
        registry.counter("requests", label, value).increment();
        assertEquals(meters, taken());
    }

    @Test
    void aLongLabelIsTakenOfNoName() {
        registry.counter("requests", "kind", "k".repeat(101)).increment();
        assertEquals(0, taken());
    }

    @Test
    void sevenHundredLongMethodsMakeNoMeter() {
        IntStream.range(0, 700)
                .forEach(i -> registry.counter("requests", "method", "M".repeat(3_895) + i)
                        .increment());
        assertEquals(0, taken());
    }

    @Test
    void beyondTheMostMetersNoneIsMadeAndThatIsSaidOnce() {
        MeterRegistry small = new SimpleMeterRegistry();
        small.config().meterFilter(new ClosedLabels(10));
        try (LogCapture log = new LogCapture()) {
            IntStream.range(0, 1000)
                    .forEach(i -> small.counter("requests", "kind", "k" + i).increment());
            assertEquals(10, small.getMeters().size());
            assertEquals(1, log.lines().size(), log.lines().toString());
            assertTrue(log.lines().get(0).contains("10 meters"), log.lines().toString());
        }
    }

    @Test
    void aMeterThatIsThereGoesOnCountingWhenNoFurtherOneIsMade() {
        MeterRegistry small = new SimpleMeterRegistry();
        small.config().meterFilter(new ClosedLabels(1));
        small.counter("requests", "kind", "first").increment();
        small.counter("requests", "kind", "second").increment();
        small.counter("requests", "kind", "first").increment();
        assertEquals(2, small.counter("requests", "kind", "first").count());
    }
}
