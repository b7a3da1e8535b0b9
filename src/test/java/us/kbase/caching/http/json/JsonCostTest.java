package us.kbase.caching.http.json;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.cache.id.JsonMembers;

/** That the price of a JSON text is never below what parsing makes of it. */
class JsonCostTest {

    private static final int TEXT_BYTES = 500_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0,",
                "[],",
                "{},",
                "[0],",
                "[[0]],",
                "{\"\":0},",
                "{\"a\":{\"b\":[1]}},",
                "\"\",",
                "\"a\",",
                "\"\u0101\",",
                "1e9,",
                "null,",
                "12345678901234567890,",
                "{\"a\":1,\"b\":2,\"c\":3},"
            })
    void isAtLeastWhatIsKept(String element) throws Exception {
        byte[] json =
                ("{\"a\":[" + element.repeat(TEXT_BYTES / element.length()) + "0]}").getBytes(StandardCharsets.UTF_8);
        long before = usedBytes();
        JsonMembers members = JsonMembers.read(json);
        long kept = usedBytes() - before;
        assertNotNull(members.toString());
        assertTrue(JsonCost.of(json) >= kept, element + " costs " + JsonCost.of(json) + ", keeps " + kept);
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
