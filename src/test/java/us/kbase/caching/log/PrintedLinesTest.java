package us.kbase.caching.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedLinesTest {

    private final List<String> logged = new ArrayList<>();
    private final PrintStream printed = new PrintStream(new PrintedLines(logged::add), true, StandardCharsets.UTF_8);

    @Test
    void eachLineIsLoggedOnceItEnds() {
        printed.print("gr\u00fc");
        printed.flush();
        assertEquals(List.of(), logged);
        printed.print("n\r\nblau\nro");
        assertEquals(List.of("gr\u00fcn", "blau"), logged);
    }

    @Test
    void emptyLinesAreNone() {
        printed.println();
        printed.print("\n  \na\n");
        assertEquals(List.of("a"), logged);
    }

    @Test
    void aLineWithoutAnEndIsHeldUpToItsBound() {
        printed.println("x".repeat(1_000_000));
        printed.println("next");
        assertEquals(List.of("x".repeat(8_000), "next"), logged);
    }

    @Test
    void aStackTraceIsLinesToo() {
        new IllegalStateException("first").printStackTrace(printed);
        assertEquals("java.lang.IllegalStateException: first", logged.get(0));
    }
}
