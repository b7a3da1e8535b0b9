package us.kbase.caching.names;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The address behind a name that this machine listens at. It is asked for once, at a start, on a thread of its own: before there is a
 * Vert.x, whose event bus listens when it is made. Any thread.
 */
public final class OwnName {

    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private OwnName() {}

    /**
     * The first address in the system's order; a host that is an address already is given as it is. Fails with one sentence when nobody
     * knows the name, or nobody answers within five seconds.
     *
     * @param key the configuration's, which the sentence names
     */
    public static Future<String> address(String key, String host) {
        return address(key, host, name -> InetAddress.getByName(name).getHostAddress(), WAIT_MAX);
    }

    /** Asks the system; blocks. */
    @FunctionalInterface
    interface Lookup {
        String address(String host) throws IOException;
    }

    static Future<String> address(String key, String host, Lookup lookup, Duration waitMax) {
        if (Names.literal(host).isPresent()) {
            return Future.succeededFuture(host);
        }
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("name of " + key).start(() -> {
            try {
                found.complete(lookup.address(host));
            } catch (IOException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        return Future.fromCompletionStage(found.orTimeout(waitMax.toMillis(), TimeUnit.MILLISECONDS))
                .recover(cause -> Future.failedFuture(new IOException(sentence(key, host, cause, waitMax), cause)));
    }

    private static String sentence(String key, String host, Throwable cause, Duration waitMax) {
        String trouble = cause instanceof TimeoutException
                ? "no name server told the address of " + host + " within " + waitMax.toSeconds() + " s"
                : "nobody knows the name " + host;
        return key + ": " + trouble + "; set it to an address of this machine.";
    }
}
