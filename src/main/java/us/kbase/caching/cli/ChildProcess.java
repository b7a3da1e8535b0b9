package us.kbase.caching.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.util.List;
import sun.misc.Signal;

/** A command that is run in our place: same terminal, same signals, same exit code. */
final class ChildProcess {

    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");

    private ChildProcess() {}

    /** Runs to the end; the exit code, 128 + n after signal n. */
    static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        FORWARDED.forEach(name -> handle(name, process));
        return process.waitFor();
    }

    @CanIgnoreReturnValue
    private static Object handle(String name, Process process) {
        return Signal.handle(new Signal(name), signal -> forward(name, process));
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
