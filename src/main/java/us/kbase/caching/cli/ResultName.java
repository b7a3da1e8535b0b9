package us.kbase.caching.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a result is named: by its cache id, or by the parameters that the id is made of. */
final class ResultName {

    @Option(names = "--id", paramLabel = "ID", description = "The cache id, as the service gave it.")
    private @Nullable String cacheId;

    @Option(
            names = "--params",
            paramLabel = "FILE",
            description = "The job's parameters, a JSON object; - for standard input.")
    private @Nullable String parameters;

    String resolve(GatewayClient client) throws IOException, InterruptedException {
        if (cacheId != null) {
            return cacheId;
        }
        String file = String.valueOf(parameters);
        byte[] json = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        return client.cacheId(json);
    }
}
