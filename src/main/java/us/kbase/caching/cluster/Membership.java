package us.kbase.caching.cluster;

import java.util.List;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.secret.Secret;

/**
 * How a gateway finds the others.
 *
 * @param name gateways of another name are strangers
 * @param secret gateways that do not hold it are strangers
 * @param own where this one listens for members, on this interface only
 * @param members where others may be found, this one included or not
 */
public record Membership(String name, Secret secret, Address own, List<Address> members) {

    /** The port without a word from the operator. */
    public static final int PORT = 5701;

    /**
     * A host and a port.
     *
     * @param host an IPv6 address without brackets
     */
    public record Address(String host, int port) {

        /** Reads {@code host[:port]}, IPv6 in any spelling; throws {@link IllegalArgumentException} with a clause for anything else. */
        public static Address parse(String text) {
            HostPort parsed = HostPort.parse(text);
            return new Address(parsed.host(), parsed.port().orElse(PORT));
        }

        @Override
        public String toString() {
            return HostPort.written(host) + ":" + port;
        }
    }
}
