package us.kbase.caching.cli;

import java.io.PrintStream;
import java.util.Optional;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.secret.Secret;

/**
 * What a gateway says once it serves. Only a development token is printed; those of the configuration are known to who wrote them.
 *
 * @param port which is listened on
 * @param made the development token, where there is one
 */
record Greeting(GatewayConfig config, int port, Optional<Secret> made) {

    private static final String TRY_IT = """
            Authorization: %1$s
            Try it:
              ID=$(curl -s -H 'Authorization: %1$s' -H 'Content-Type: application/json' -d '{"job":"demo"}' %2$s/v1/cache_id \
            | sed 's/.*"cache_id":"\\([^"]*\\).*/\\1/'); echo $ID
              curl -H 'Authorization: %1$s' -F file=@README.md %2$s/v1/cache/$ID
              curl -f -H 'Authorization: %1$s' -o result %2$s/v1/cache/$ID
            """;

    /** Prints it as one text: the log writes to the same place from a thread of its own. */
    void print(PrintStream out) {
        out.print(text());
    }

    private String text() {
        String host = config.http().host();
        String first = "CachingService listens on " + url(host) + " and keeps results in " + config.store() + "\n";
        if (made.isPresent()) {
            return first + TRY_IT.formatted(made.get().reveal(), url(reachable(host)));
        }
        return config.auth().url().isPresent()
                ? first
                : first + "Static tokens of auth.tokens: "
                        + config.auth().userByToken().size() + "\n";
    }

    private String url(String host) {
        return (config.http().tls().isPresent() ? "https://" : "http://") + HostPort.written(host) + ":" + port;
    }

    /** Every address of a machine is none that can be connected to everywhere. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }
}
