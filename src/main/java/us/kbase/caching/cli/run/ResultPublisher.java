package us.kbase.caching.cli.run;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cli.client.ErrorReply;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.HeldLease;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Published;
import us.kbase.caching.cli.client.Unreachable;
import us.kbase.caching.cli.client.Upload;
import us.kbase.caching.cli.progress.Progress;

/** Publishes a result that is paid for: a fault on the way is tried again, and whatever happens the result stays in its file. */
final class ResultPublisher {

    private static final int ATTEMPTS_MAX = 5;
    private static final long PAUSE_MILLIS = 1000;

    private final GatewayClient client;
    private final JobOutput out;
    private final Map<String, String> computeTime;
    private long bytes;

    /** For a result that took its command so long. */
    ResultPublisher(GatewayClient client, JobOutput out, Duration took) {
        this.client = client;
        this.out = out;
        this.computeTime = Map.of("Cache-Compute-Seconds", Long.toString(took.toSeconds()));
    }

    /** Publishes, and says so when it could not. */
    boolean repeated(String id, Optional<HeldLease> lease) throws InterruptedException {
        Map<String, String> headers = new HashMap<>(computeTime);
        lease.ifPresent(held -> headers.putAll(held.header()));
        boolean unknown = false; // whether an attempt may have published without our hearing of it
        for (int attempt = 1; ; attempt++) {
            IOException failure;
            try {
                upload(id, headers);
                return true;
            } catch (IOException e) {
                failure = e;
            }
            if (unknown && isLost(failure) && isThere(id)) {
                return true;
            }
            unknown |= failure instanceof Unreachable || (failure instanceof ErrorReply refused && refused.mayPass());
            if (isFinal(failure) || attempt == ATTEMPTS_MAX) {
                explain(failure);
                if (!isLost(failure)) {
                    release(lease);
                }
                return false;
            }
            Thread.sleep(PAUSE_MILLIS * attempt);
        }
    }

    /** Publishes if a service that did not answer at the start does so now; tried once. */
    boolean afterAll(byte[] parameters) throws InterruptedException {
        try {
            upload(client.cacheId(parameters), computeTime);
            return true;
        } catch (IOException e) {
            explain(e);
            return false;
        }
    }

    private void upload(String id, Map<String, String> headers) throws IOException, InterruptedException {
        Input input = out.result();
        bytes = Math.max(0, input.bytesExpected());
        try (Progress progress = Progress.onTerminal()) {
            bytes = new Upload(client, Patience.USUAL).of(new Upload.Content(input, out.name(), headers), id, progress);
        }
    }

    private boolean isThere(String id) throws InterruptedException {
        try {
            return new Published(client, Patience.USUAL).is(out.result(), id);
        } catch (LocalFault unreadable) {
            return false;
        }
    }

    /** How long the result is that was published last. */
    long bytes() {
        return bytes;
    }

    static void release(Optional<HeldLease> lease) throws InterruptedException {
        if (lease.isPresent()) {
            lease.get().release();
        }
    }

    private static boolean isFinal(IOException e) {
        return e instanceof LocalFault || (e instanceof ErrorReply refused && !refused.mayPass());
    }

    private static boolean isLost(IOException e) {
        return e instanceof ErrorReply refused && refused.isConflict();
    }

    private void explain(IOException e) {
        String why = isLost(e)
                ? "the lease was lost, so this result was not published"
                : "the result could not be published (" + e.getMessage() + ")";
        RunOnce.say(why + "; " + out.whereabouts() + ".");
    }
}
