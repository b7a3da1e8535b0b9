package us.kbase.caching.stress.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets a process may have open. */
public final class OpenFiles {

    private static final int OWN_USE = 200;

    private OpenFiles() {}

    /** How many connections this process, and any that it starts, can hold: {@code ulimit -n} less what it needs itself. */
    public static int connectionsMax() {
        try {
            return Files.readString(Path.of("/proc/self/limits"))
                    .lines()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s{2,}")[1])
                    .mapToInt(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft) - OWN_USE)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
