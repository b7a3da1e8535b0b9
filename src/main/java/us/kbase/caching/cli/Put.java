package us.kbase.caching.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Upload;
import us.kbase.caching.cli.option.ServerOption;
import us.kbase.caching.cli.progress.Progress;

/** Uploads a result. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = "Uploads a job's result and prints its cache id.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The result is published, whole.",
            "1:It could not be read or was not taken.",
            "2:The command line is wrong."
        },
        footer = {
            "",
            "Sample: caching-service put --params params.json result.bam",
            "        samtools view -b in.sam | caching-service put --params params.json --name out.bam -"
        })
final class Put implements Callable<Integer> {

    @Mixin
    private ServerOption server = new ServerOption();

    @ArgGroup(multiplicity = "1")
    private ResultName result = new ResultName();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name that the result has for those who download it (default: the file's; stdin).")
    private @Nullable String name;

    @Parameters(index = "0", paramLabel = "FILE", description = "The result; - for standard input.")
    private String file = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Input input = Input.named(file);
        if (input instanceof Input.Standard && result.readsStandardInput()) {
            throw new LocalFault("Parameters and result cannot both come from standard input; name a file for one.");
        }
        try (GatewayClient client = server.client()) {
            String id = result.resolve(client);
            String shown = name == null ? input.name() : name;
            try (Progress progress = Progress.onTerminal()) {
                long unused =
                        new Upload(client, Patience.USUAL).of(new Upload.Content(input, shown, Map.of()), id, progress);
            }
            System.out.println(id);
            return 0;
        }
    }
}
