package us.kbase.caching.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;

/** How a result is named: by its cache id, or by the parameters that the id is made of. */
final class ResultName {

    @Option(names = "--id", paramLabel = "ID", description = "The cache id, as the service gave it.")
    private @Nullable String cacheId;

    @Option(
            names = "--params",
            paramLabel = "FILE",
            description = "The job's parameters, a JSON object; - for standard input.")
    private @Nullable String parameters;

    boolean readsStandardInput() {
        return "-".equals(parameters);
    }

    String resolve(GatewayClient client) throws IOException, InterruptedException {
        return cacheId != null
                ? cacheId
                : client.cacheId(Input.named(String.valueOf(parameters)).text());
    }
}
