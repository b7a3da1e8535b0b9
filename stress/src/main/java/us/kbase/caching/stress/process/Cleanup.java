package us.kbase.caching.stress.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** Undoes what was started, last first: at the end, after a failure, and when the program is interrupted. */
public final class Cleanup implements AutoCloseable {

    private final Deque<Runnable> steps = new ArrayDeque<>();

    /** Registers itself with the JVM. */
    public Cleanup() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "cleanup"));
    }

    /** Does this later. */
    public synchronized void later(Runnable step) {
        steps.push(step);
    }

    @Override
    public synchronized void close() {
        while (!steps.isEmpty()) {
            Runnable step = steps.pop();
            try {
                step.run();
            } catch (RuntimeException e) {
                System.err.println("clean-up: " + e);
            }
        }
    }
}
