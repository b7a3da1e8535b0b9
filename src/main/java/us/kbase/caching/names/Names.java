package us.kbase.caching.names;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClientBuilder;
import io.vertx.core.net.AddressResolver;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.Shareable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Addresses of names, as the system knows them (its hosts file, its name servers), looked up on worker threads. What was found is used
 * until something else is found: a name server that is silent stops nobody whose name was known. One look-up of a name at a time. The
 * names are those of the configuration, so there are few. One per Vert.x. Any thread.
 */
public final class Names implements Shareable {

    private static final int LOOKUPS_MAX = 4;
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);
    private static final String SHARED = "us.kbase.caching.names";
    private static final String MEMBERS = SHARED + ".members";

    private final Lookup lookup;
    private final Times times;
    private final WorkerExecutor workers;
    private final ConcurrentMap<String, Name> names = new ConcurrentHashMap<>();

    /** Asks the system; blocks. */
    @FunctionalInterface
    interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    /**
     * How old an answer may get.
     *
     * @param fresh after which an address is asked for again, while it is used
     * @param unknown for which a failure is an answer; and the least time from one look-up that failed to the next
     */
    record Times(Duration fresh, Duration unknown) {
        static final Times USUAL = new Times(Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    Names(Vertx vertx, Lookup lookup, Times times) {
        this(vertx.createSharedWorkerExecutor(SHARED, LOOKUPS_MAX), lookup, times);
    }

    private Names(WorkerExecutor workers, Lookup lookup, Times times) {
        this.lookup = lookup;
        this.times = times;
        this.workers = workers;
    }

    /** Those of the servers that this Vert.x asks. */
    public static Names of(Vertx vertx) {
        return shared(vertx, SHARED);
    }

    /** Those of the other gateways, with workers of their own: who is gone has a name that nobody answers for. */
    public static Names ofMembers(Vertx vertx) {
        return shared(vertx, MEMBERS);
    }

    private static Names shared(Vertx vertx, String key) {
        return vertx.sharedData()
                .<String, Names>getLocalMap(SHARED)
                .computeIfAbsent(
                        key,
                        made -> new Names(
                                vertx.createSharedWorkerExecutor(key, LOOKUPS_MAX),
                                host -> List.of(InetAddress.getAllByName(host)),
                                Times.USUAL));
    }

    /**
     * Lets a client of one server connect by these addresses: to the first, and to the next when that one fails. A host that is an
     * address already needs none of this, and costs none of it.
     */
    public HttpClientBuilder usedBy(HttpClientBuilder client, String host) {
        if (literal(host).isPresent()) {
            return client;
        }
        AddressResolver<SocketAddress> resolver = made -> new NamedServers(this);
        return client.withAddressResolver(resolver).withLoadBalancer(new FirstThatConnects());
    }

    /** The first address of a name; fails with {@link UnknownHostException} or when nobody answers in time. */
    public Future<String> address(String host) {
        return addresses(host).map(known -> known.get(0).getHostAddress());
    }

    /** What is known of a name, or comes to be; fails with {@link UnknownHostException} or when nobody answers in time. */
    Future<List<InetAddress>> addresses(String host) {
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            return Future.succeededFuture(List.of(literal.get()));
        }
        return name(host).addresses().timeout(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is known of a name now; nothing when it was never found. */
    List<InetAddress> known(String host) {
        return literal(host).map(List::of).orElseGet(() -> name(host).known());
    }

    private Name name(String host) {
        return names.computeIfAbsent(
                host,
                absent -> new Name(
                        times, () -> workers.executeBlocking(() -> List.copyOf(lookup.addresses(host)), false)));
    }

    /** The address that a text is, when it is one. */
    static Optional<InetAddress> literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(host, bytes));
        } catch (UnknownHostException wrongLength) {
            return Optional.empty();
        }
    }
}
