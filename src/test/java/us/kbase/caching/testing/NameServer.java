package us.kbase.caching.testing;

import io.vertx.core.impl.VertxThread;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Java's way to look names up, in all tests: {@code here.test} is this machine, names below {@code silent.test} are asked for in vain,
 * and others are the system's. Java remembers for some seconds that a look-up was given up, so each test has its own silent name. An event loop that looks a name up fails its test class, however fast the answer is.
 */
public final class NameServer extends InetAddressResolverProvider {

    private static final String HERE = "here.test";
    private static final String SILENT = ".silent.test";

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (Thread.currentThread() instanceof VertxThread loop && !loop.isWorker()) {
                    LoopWatch.tell("looked up the name " + host);
                }
                if (host.endsWith(SILENT)) {
                    return neverAnswered(host);
                }
                return host.equals(HERE)
                        ? Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}))
                        : system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    private static Stream<InetAddress> neverAnswered(String host) throws UnknownHostException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }

    @Override
    public String name() {
        return "names of tests";
    }
}
