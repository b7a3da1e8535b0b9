package us.kbase.caching.cluster;

import java.util.List;

/**
 * How a gateway finds the others.
 *
 * @param name gateways of another name are strangers
 * @param secret gateways that do not hold it are strangers; text forms never show it
 * @param own where this one listens for members, on this interface only
 * @param members where others may be found, this one included or not
 */
public record Membership(String name, String secret, Address own, List<Address> members) {

    /** The port without a word from the operator. */
    public static final int PORT = 5701;

    @Override
    public String toString() {
        return "Membership[name=" + name + ", own=" + own + ", members=" + members + "]";
    }

    /** A host and a port. */
    public record Address(String host, int port) {

        /** Reads {@code host[:port]}; throws {@link IllegalArgumentException} for anything else. */
        public static Address parse(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            int port = colon < 0 ? PORT : Integer.parseInt(text.substring(colon + 1));
            if (!host.matches("[0-9A-Za-z._-]+") || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(text);
            }
            return new Address(host, port);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
