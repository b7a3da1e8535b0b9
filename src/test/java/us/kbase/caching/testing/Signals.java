package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.misc.Signal;

/** Signals to processes that a test begins. */
public final class Signals {

    private Signals() {}

    /** Passes over a test where such a signal reaches nobody: what was begun by {@code nohup} or {@code &} hands that down. */
    public static void assumeHeard(String signal) {
        int number = new Signal(signal).getNumber();
        String ignored = status().replaceAll("(?s).*\nSigIgn:\\s*(\\p{XDigit}+).*", "$1");
        assumeFalse(
                (Long.parseUnsignedLong(ignored, 16) >> (number - 1) & 1) == 1,
                "begun with " + signal + " ignored, as nohup and & do");
    }

    private static String status() {
        try {
            return Files.readString(Path.of("/proc/self/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
