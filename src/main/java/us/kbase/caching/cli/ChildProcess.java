package us.kbase.caching.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** A command that is run in our place: same terminal, same signals, same exit code. */
final class ChildProcess {

    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");

    private ChildProcess() {}

    /** Runs to the end; the exit code, 128 + n after signal n. */
    static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        Map<String, SignalHandler> before = new HashMap<>();
        FORWARDED.forEach(name -> before.put(name, handle(name, signal -> forward(name, process))));
        try {
            return process.waitFor();
        } finally {
            before.forEach(ChildProcess::handle);
        }
    }

    @CanIgnoreReturnValue
    private static SignalHandler handle(String name, SignalHandler handler) {
        return Signal.handle(new Signal(name), handler);
    }

    private static void forward(String name, Process process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            process.destroy();
        }
    }
}
