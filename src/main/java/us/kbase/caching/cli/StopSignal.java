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

    private StopSignal() {}

    /** Waits for the first signal; from then on a second one ends the process at once. */
    static void await() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        SignalHandler handler = signal -> {
            if (told.getCount() == 0) {
                Runtime.getRuntime().halt(KILLED + signal.getNumber());
            }
            told.countDown();
        };
        handle("TERM", handler);
        handle("INT", handler);
        told.await();
    }

    @CanIgnoreReturnValue
    private static SignalHandler handle(String name, SignalHandler handler) {
        return Signal.handle(new Signal(name), handler);
    }
}
