package us.kbase.caching.config;

import io.netty.util.NetUtil;
import java.util.Optional;
import us.kbase.caching.config.GatewayConfig.Metrics;

/** The keys {@code metrics.*}: where the metrics are shown, and to whom. */
final class MetricsKeys {

    static final int USUAL_PORT = 5001;
    private static final int TOKEN_CHARS_MIN = 16;
    private static final String PORT = "metrics.port";

    private MetricsKeys() {}

    static Optional<Metrics> read(Settings settings) {
        String host = settings.text("metrics.host", "127.0.0.1");
        Optional<String> token = settings.text("metrics.token");
        Optional<Metrics.Port> port = settings.parsed(
                PORT,
                Optional.of(new Metrics.Port.Usual(USUAL_PORT)),
                "a whole number from 0 to 65535, or off",
                MetricsKeys::port);
        if (token.isPresent() && !isToken(token.get())) {
            settings.problem(
                    "metrics.token", "must have at least " + TOKEN_CHARS_MIN + " characters, none of them a blank.");
        }
        if (port.isPresent() && token.isEmpty() && !isLoopback(host)) {
            settings.problem(
                    "metrics.host",
                    "lets other machines connect: set metrics.token, which they must then bring, or take 127.0.0.1.");
        }
        return port.map(chosen -> new Metrics(host, chosen, token));
    }

    private static Optional<Metrics.Port> port(String text) {
        if (text.equals("off") || text.equals("false")) { // YAML and people write both
            return Optional.empty();
        }
        int number = Integer.parseInt(text);
        if (number < 0 || number > 65_535) {
            throw new IllegalArgumentException();
        }
        return Optional.of(new Metrics.Port.Named(number));
    }

    private static boolean isToken(String token) {
        return token.length() >= TOKEN_CHARS_MIN && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** By its text alone: nobody is asked for a name's address while a configuration is read. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return address != null
                && (address.length == 4
                        ? address[0] == 127
                        : java.util.Arrays.equals(
                                address, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    }
}
