package us.kbase.caching;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.names.HostPort;

/**
 * One of the places where a gateway listens, and what is said when it cannot.
 *
 * @param section of the configuration's keys {@code host} and {@code port}
 * @param port 0 or less for a free one
 */
record Listener(String section, String host, int port) {

    /** Fails with one sentence for the operator where the failure is that of listening here; any other failure stays. */
    <T> Future<T> explained(Future<T> listening) {
        return listening.recover(cause -> Future.failedFuture(explained(cause)));
    }

    /** The transports' errors are of no type of their own. */
    private Throwable explained(Throwable cause) {
        String why = Reason.why(cause);
        String at = HostPort.written(host) + (port > 0 ? ":" + port : "");
        if (why.contains("Address already in use")) {
            return sentence(
                    "port " + port + " on " + host + " is taken; stop its owner (ss -ltnp shows it), or set "
                            + key("port") + ".",
                    cause);
        }
        if (why.contains("Cannot assign requested address")
                || cause instanceof UnresolvedAddressException
                || cause instanceof UnknownHostException
                || why.contains("is not known here")) {
            return sentence(host + " is no address of this machine; set " + key("host") + " to one of its own.", cause);
        }
        if (why.contains("permission denied") && port > 0 && port < 1024) {
            return sentence(
                    "port " + port + " may not be used by this user; set " + key("port") + " to one from 1024 on.",
                    cause);
        }
        if (why.contains("Address family not supported") || why.contains("Network is unreachable")) {
            return sentence(
                    at + " is an address of a kind that this machine has no network for; set " + key("host") + ".",
                    cause);
        }
        return cause;
    }

    private String key(String name) {
        String key = section.equals("cluster") ? "cluster.host" : section + "." + name;
        return key + " (CACHING_" + key.toUpperCase(Locale.ROOT).replace('.', '_') + ")";
    }

    private static IOException sentence(String sentence, Throwable cause) {
        return new IOException(sentence, cause);
    }
}
