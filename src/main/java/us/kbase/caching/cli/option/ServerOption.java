package us.kbase.caching.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.ServerAddress;
import us.kbase.caching.cli.client.Trust;

/** Which gateway a client command talks to, and as whom. */
public final class ServerOption {

    private static final Path DEVELOPMENT_TOKEN = Path.of("data/development-token");
    private static final String USUAL = "http://127.0.0.1:" + ServerAddress.USUAL_PORT;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:CACHING_SERVER}",
            description =
                    "The gateway: a URL, or HOST[:PORT], with port 5000 when none is given (default: CACHING_SERVER,"
                            + " else " + USUAL + ").")
    private @Nullable String server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:CACHING_TOKEN}",
            description =
                    "Your token; others can see it in the list of processes, so better set CACHING_TOKEN (default:"
                            + " CACHING_TOKEN, else the development token in ./data).")
    private @Nullable String token;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:CACHING_CA}",
            description =
                    "PEM file with the CA that signed the gateway's certificate, for https:// (default: CACHING_CA, else"
                            + " the CAs that Java knows).")
    private @Nullable String ca;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            defaultValue = "${env:CACHING_CERT}",
            description =
                    "PEM file with your own certificate, where the gateway wants one (mutual TLS); needs --key (default:"
                            + " CACHING_CERT).")
    private @Nullable String cert;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            defaultValue = "${env:CACHING_KEY}",
            description = "PEM file with its private key, without a passphrase (default: CACHING_KEY).")
    private @Nullable String key;

    /** A client that the caller closes. */
    public GatewayClient client() throws IOException {
        try {
            ServerAddress address = ServerAddress.parse(given(server).orElse(USUAL));
            Trust trust = new Trust(file(ca), file(cert), file(key));
            return trust.isUsual()
                    ? new GatewayClient(address, token())
                    : new GatewayClient(address, token(), trust.context());
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private String token() throws LocalFault {
        Optional<String> given = given(token);
        if (given.isPresent()) {
            return given.get();
        }
        if (!Files.isReadable(DEVELOPMENT_TOKEN)) {
            throw new LocalFault("no token: set CACHING_TOKEN, or give --token.");
        }
        try {
            return Files.readString(DEVELOPMENT_TOKEN).strip();
        } catch (IOException e) {
            throw new LocalFault(DEVELOPMENT_TOKEN + " cannot be read", e);
        }
    }

    private static Optional<Path> file(@Nullable String name) {
        return given(name).map(Path::of);
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(stripped -> !stripped.isEmpty());
    }
}
