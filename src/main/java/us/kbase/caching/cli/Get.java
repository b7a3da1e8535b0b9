package us.kbase.caching.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cli.client.Download;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Output;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Refused;
import us.kbase.caching.cli.option.ServerOption;
import us.kbase.caching.cli.progress.Progress;

/** Downloads a result. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Downloads a job's result.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The result is there, whole.",
            "1:It could not be asked for, did not come whole, or could not be written; an old file is as it was.",
            "2:The command line is wrong.",
            "3:There is no result yet."
        },
        footer = {
            "",
            "Sample: caching-service get --params params.json result.bam",
            "        caching-service get --params params.json - | samtools view -"
        })
final class Get implements Callable<Integer> {

    private static final int NO_RESULT = 3;

    @Mixin
    private ServerOption server = new ServerOption();

    @ArgGroup(multiplicity = "1")
    private ResultName name = new ResultName();

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description =
                    "Where to put it; - for standard output. A file is replaced in one step, by a whole result only;"
                            + " it keeps its mode. A device or a named pipe is written to.")
    private String file = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Output output = Output.named(file);
        try (GatewayClient client = server.client();
                Progress progress = Progress.onTerminal()) {
            long unused = new Download(client, Patience.USUAL).into(output, name.resolve(client), progress);
            return 0;
        } catch (Refused e) {
            System.err.println("caching-service: " + e.getMessage());
            return e.isNotFound() ? NO_RESULT : 1;
        }
    }
}
