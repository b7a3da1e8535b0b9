package us.kbase.caching.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The wish to stop, as SIGTERM and SIGINT bring it. Handled and not left to a shutdown hook, since the JVM would then exit with
 * 128 + n however well everything ended, and a second signal would be lost.
 */
final class StopSignal {

    private static final int KILLED = 128;

    private final CountDownLatch told = new CountDownLatch(1);

    private StopSignal() {}

    /** Listens from now on; after the first signal a second one ends the process at once. */
    static StopSignal listen() {
        StopSignal stop = new StopSignal();
        handle("TERM", stop::hear);
        handle("INT", stop::hear);
        return stop;
    }

    /** Waits for the first signal. */
    void await() throws InterruptedException {
        told.await();
    }

    private void hear(Signal signal) {
        if (told.getCount() == 0) {
            Runtime.getRuntime().halt(KILLED + signal.getNumber());
        }
        told.countDown();
    }

    @CanIgnoreReturnValue
    private static SignalHandler handle(String name, SignalHandler handler) {
        return Signal.handle(new Signal(name), handler);
    }
}
