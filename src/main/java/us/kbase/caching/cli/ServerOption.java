package us.kbase.caching.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which gateway a client command talks to, and as whom. */
final class ServerOption {

    private static final Path DEVELOPMENT_TOKEN = Path.of("data/development-token");

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:CACHING_SERVER:-http://127.0.0.1:5000}",
            description = "The gateway (default: CACHING_SERVER, else http://127.0.0.1:5000).")
    private URI server = URI.create("http://127.0.0.1:5000");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:CACHING_TOKEN}",
            description = "Your token (default: CACHING_TOKEN, else the development token in ./data).")
    private @Nullable String token;

    /** A client that the caller closes. */
    GatewayClient client() throws IOException {
        return new GatewayClient(server, token());
    }

    private String token() throws IOException {
        Optional<String> given = Optional.ofNullable(token).filter(text -> !text.isBlank());
        if (given.isPresent()) {
            return given.get();
        }
        if (Files.isReadable(DEVELOPMENT_TOKEN)) {
            return Files.readString(DEVELOPMENT_TOKEN).strip();
        }
        throw new IOException("no token: give --token, or set CACHING_TOKEN.");
    }
}
