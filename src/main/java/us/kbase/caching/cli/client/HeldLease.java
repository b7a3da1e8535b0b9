package us.kbase.caching.cli.client;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The right to compute a result, kept alive by a thread until it is closed. */
public final class HeldLease implements AutoCloseable {

    private static final int RENEWALS_PER_LIFETIME = 3;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final GatewayClient client;
    private final String cacheId;
    private final String secret;
    private final Future<?> renewals;
    private volatile boolean alarms = true;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    /** Keeps a lease alive that has just been given. */
    public HeldLease(GatewayClient client, String cacheId, String secret, Duration ttl) {
        this.client = client;
        this.cacheId = cacheId;
        this.secret = secret;
        long every = ttl.toMillis() / RENEWALS_PER_LIFETIME;
        this.renewals = clock.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    /** The header that an upload under this lease carries. */
    public Map<String, String> header() {
        alarms = false; // from now on the upload's own answer says it
        return Map.of("Cache-Lease", secret);
    }

    private void renew() {
        try {
            call("PUT");
        } catch (ErrorReply e) {
            if (e.isConflict()) {
                renewals.cancel(false);
                if (alarms) {
                    System.err.println("caching-service: the lease was lost; the command goes on for its own result.");
                }
            }
        } catch (IOException tryNextTime) {
            // One renewal may fail: the lease lasts for three.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the next one compute; a lease that cannot be given back runs out by itself. */
    public void release() throws InterruptedException {
        alarms = false;
        renewals.cancel(false); // one that comes behind would be refused, as of a lease that was lost
        try {
            call("DELETE");
        } catch (IOException e) {
            System.err.println("caching-service: the lease could not be given back and runs out by itself.");
        }
    }

    @CanIgnoreReturnValue
    private Object call(String method) throws IOException, InterruptedException {
        HttpRequest request = client.request("/cache/" + GatewayClient.escaped(cacheId) + "/lease")
                .header("Cache-Lease", secret)
                .method(method, BodyPublishers.noBody())
                .build();
        return client.json(request, ANSWER_MAX);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
