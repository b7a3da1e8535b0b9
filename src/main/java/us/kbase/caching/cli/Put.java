package us.kbase.caching.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Uploads a result. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = "Uploads a job's result and prints its cache id."
                + " Sample: caching-service put --params params.json result.bam")
final class Put implements Callable<Integer> {

    @Mixin
    private ServerOption server = new ServerOption();

    @ArgGroup(multiplicity = "1")
    private ResultName name = new ResultName();

    @Parameters(index = "0", paramLabel = "FILE", description = "The result.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            System.err.println(file + " is not a file that can be read.");
            return 1;
        }
        try (GatewayClient client = server.client()) {
            String id = name.resolve(client);
            client.upload(id, file, Map.of(), Progress.onTerminal());
            System.out.println(id);
            return 0;
        }
    }
}
