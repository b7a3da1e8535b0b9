package us.kbase.caching.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Downloads a result. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Downloads a job's result; exit code 3 when there is none yet."
                + " Sample: caching-service get --params params.json result.bam")
final class Get implements Callable<Integer> {

    private static final int NO_RESULT = 3;

    @Mixin
    private ServerOption server = new ServerOption();

    @ArgGroup(multiplicity = "1")
    private ResultName name = new ResultName();

    @Parameters(index = "0", paramLabel = "FILE", description = "Where to put it; replaced only by a whole result.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (GatewayClient client = server.client()) {
            client.download(name.resolve(client), file, Progress.onTerminal());
            return 0;
        } catch (GatewayClient.Refused e) {
            System.err.println(e.getMessage());
            return e.status() == 404 ? NO_RESULT : 1;
        }
    }
}
