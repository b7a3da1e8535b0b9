package us.kbase.caching.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * What is printed, as lines of the log. Where programs read the log as JSON, a sentence for the operator or a library's word on standard
 * error would else be a line that they cannot read. A line ends at 8000 bytes. Any thread.
 */
public final class PrintedLines extends OutputStream {

    private static final int BYTES_MAX = 8_000;

    private final Consumer<String> log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    PrintedLines(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Where the log is JSON, lets all that this process prints from now on be logged: as errors of the logger {@code stderr}, as
     * information of {@code stdout}. The log itself must not be written by {@link System#err} then; see {@link StandardError}. To call it
     * again changes nothing.
     */
    public static void replaceStandardStreamsOfJson() {
        if ("json".equals(System.getenv("CACHING_LOG"))) {
            // Loggers are asked for when there is a line: what prints while the log itself is made is logged behind
            // that.
            replace(System::setErr, line -> LoggerFactory.getLogger("stderr").error(line));
            replace(System::setOut, line -> LoggerFactory.getLogger("stdout").info(line));
        }
    }

    private static void replace(Consumer<PrintStream> stream, Consumer<String> log) {
        stream.accept(new PrintStream(new PrintedLines(log), true, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n') {
            tell();
        } else if (line.size() < BYTES_MAX) {
            line.write(value);
        }
    }

    private void tell() {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        line.reset();
        if (!text.isEmpty()) {
            log.accept(text);
        }
    }
}
