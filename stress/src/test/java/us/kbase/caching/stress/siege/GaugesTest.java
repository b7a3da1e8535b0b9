package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GaugesTest {

    @Test
    void gaugesOfWhatIsHeldAreReadAndOthersPassedOver() {
        String text = """
                # HELP caching_memory_used_bytes what is held
                # TYPE caching_memory_used_bytes gauge
                caching_memory_used_bytes{kind="heads"} 0.0
                caching_memory_used_bytes{kind="json bodies"} 1.048576E6
                jvm_memory_used_bytes{area="heap"} 5.0
                """;
        assertEquals(
                Map.of(
                        "caching_memory_used_bytes{kind=\"heads\"}", 0.0,
                        "caching_memory_used_bytes{kind=\"json bodies\"}", 1_048_576.0),
                Gauges.parse(text));
    }
}
