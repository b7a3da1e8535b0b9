package us.kbase.caching.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpTracerTest {

    /** Every span that waits for its collector keeps it, and nobody paid for that. */
    @Test
    void aTraceStateThatNobodyHasToCarryIsLeftOut() {
        assertEquals("a=" + "b".repeat(510), heard("a=" + "b".repeat(510)));
        assertNull(heard("a=" + "b".repeat(511)));
    }

    private static String heard(String traceState) {
        return new HttpTracer.Headers().get(List.of(Map.entry("TraceState", traceState)), "tracestate");
    }
}
