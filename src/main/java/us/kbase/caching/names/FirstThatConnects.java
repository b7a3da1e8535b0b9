package us.kbase.caching.names;

import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The first address as the system orders them (IPv4 and IPv6), as without a choice; the next one while calls to that one fail. Any
 * thread.
 */
final class FirstThatConnects implements LoadBalancer {

    private static final long AVOIDED_NANOS = Duration.ofSeconds(30).toNanos();

    /** When a call to one address failed last. */
    private static final class Failures implements InteractionMetrics<Object> {
        private volatile boolean failed;
        private volatile long atNanos;

        @Override
        public Object initiateRequest() {
            return this;
        }

        @Override
        public void reportFailure(Object call, Throwable cause) {
            atNanos = System.nanoTime();
            failed = true;
        }

        boolean lately() {
            return failed && System.nanoTime() - atNanos < AVOIDED_NANOS;
        }

        long ageNanos() {
            return failed ? System.nanoTime() - atNanos : Long.MAX_VALUE;
        }
    }

    @Override
    public InteractionMetrics<?> newMetrics() {
        return new Failures();
    }

    @Override
    public ServerSelector selector(List<? extends ServerEndpoint> servers) {
        return () -> IntStream.range(0, servers.size())
                .filter(i -> !failures(servers.get(i)).lately())
                .findFirst()
                .orElseGet(() -> failedLongestAgo(servers));
    }

    private static int failedLongestAgo(List<? extends ServerEndpoint> servers) {
        int longestAgo = servers.isEmpty() ? -1 : 0;
        for (int i = 1; i < servers.size(); i++) {
            if (failures(servers.get(i)).ageNanos()
                    > failures(servers.get(longestAgo)).ageNanos()) {
                longestAgo = i;
            }
        }
        return longestAgo;
    }

    private static Failures failures(ServerEndpoint server) {
        return (Failures) Objects.requireNonNull(server.metrics());
    }
}
