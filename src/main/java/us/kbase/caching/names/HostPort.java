package us.kbase.caching.names;

import io.netty.util.NetUtil;
import java.util.OptionalInt;

/**
 * A host as people write one, alone or with a port: a name, an IPv4 address, an IPv6 address with or without brackets. Immutable.
 *
 * @param host without brackets
 * @param port 1 to 65535, absent where none was written
 */
public record HostPort(String host, OptionalInt port) {

    private static final int PORT_MAX = 65_535;
    private static final int PORT_DIGITS_MAX = 5;
    private static final int HOST_CHARS_MAX = 253;

    /**
     * Reads {@code host}, {@code host:port}, {@code [address]}, {@code [address]:port} or a bare IPv6 address.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong with the text
     */
    public static HostPort parse(String text) {
        if (NetUtil.isValidIpV6Address(text) && !text.startsWith("[")) {
            return new HostPort(text, OptionalInt.empty());
        }
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            String address = end < 0 ? "" : text.substring(1, end);
            if (!NetUtil.isValidIpV6Address(address) || address.startsWith("[")) {
                throw new IllegalArgumentException("has no IPv6 address in its brackets");
            }
            return new HostPort(address, port(text.substring(end + 1)));
        }
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw new IllegalArgumentException("has several colons: put an IPv6 address in brackets");
        }
        String host = colon < 0 ? text : text.substring(0, colon);
        checkName(host);
        return new HostPort(host, colon < 0 ? OptionalInt.empty() : port(text.substring(colon)));
    }

    private static void checkName(String host) {
        boolean letters = host.chars().allMatch(c -> isLetterOrDigit(c) || c == '.' || c == '_' || c == '-');
        if (host.isEmpty() || host.length() > HOST_CHARS_MAX || !letters) {
            throw new IllegalArgumentException("is no host's name or address");
        }
        boolean numeric = host.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
        if (numeric && !NetUtil.isValidIpV4Address(host)) {
            throw new IllegalArgumentException("is no IPv4 address, which has four numbers from 0 to 255");
        }
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static OptionalInt port(String behindHost) {
        if (behindHost.isEmpty()) {
            return OptionalInt.empty();
        }
        String digits = behindHost.substring(1);
        boolean number = behindHost.startsWith(":")
                && !digits.isEmpty()
                && digits.length() <= PORT_DIGITS_MAX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("has no port from 1 to " + PORT_MAX + " behind its host");
        }
        return OptionalInt.of(port);
    }

    /** Tells by the text alone whether only this machine can reach the host; names other than {@code localhost} are asked of nobody. */
    public static boolean isLoopback(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return host.equalsIgnoreCase("localhost");
        }
        return address.length == 4 ? address[0] == 127 : isOne(address);
    }

    private static boolean isOne(byte[] address) {
        int sum = 0;
        for (byte part : address) {
            sum += part & 0xff;
        }
        return sum == 1 && address[address.length - 1] == 1;
    }

    /** Writes a host as URLs and {@code host:port} want it: an IPv6 address in brackets. */
    public static String written(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
