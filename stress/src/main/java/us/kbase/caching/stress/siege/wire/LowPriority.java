package us.kbase.caching.stress.siege.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets others use the processor first: in earnest, attackers have machines of their own. */
final class LowPriority {

    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final String NICENESS = "10";

    private LowPriority() {}

    /** Takes the calling thread back. Says so where that does not work: latencies are then higher than they need to be. */
    static void ofThisThread() {
        try {
            String thread = Files.readSymbolicLink(THIS_THREAD).getFileName().toString();
            int exit = new ProcessBuilder("renice", "-n", NICENESS, "-p", thread)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                System.err.println("siege: renice ended with " + exit + "; attackers have the priority of all others.");
            }
        } catch (IOException e) {
            System.err.println("siege: attackers have the priority of all others: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
