package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapTest {

    @ParameterizedTest
    @CsvSource({"96m, 96", "1G, 1024", "98304k, 96", "1048576, 1"})
    void sizesAreReadAsTheJvmReadsThem(String text, double mebibytes) {
        assertEquals(mebibytes, Heap.mebibytes(text));
    }
}
