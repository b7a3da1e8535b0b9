package us.kbase.caching.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cli.bundle.PackedTree;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Upload;
import us.kbase.caching.cli.option.FileNameOption;
import us.kbase.caching.cli.option.ServerOption;
import us.kbase.caching.cli.progress.Progress;

/** Uploads a result. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description =
                "Uploads a job's result and prints its cache id. A folder, or several files and folders, become one"
                        + " ZIP file while they are uploaded.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The result is published, whole.",
            "1:It could not be read or was not taken.",
            "2:The command line is wrong."
        },
        footer = {
            "",
            "Sample: caching-service put --params params.json result.bam",
            "        samtools view -b in.sam | caching-service put --params params.json --name out.bam -",
            "        caching-service put --params params.json report"
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

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            converter = FileNameOption.class,
            description =
                    "The result; - for standard input. Of a folder alone what lies in it is packed, of several files and"
                            + " folders each under its own name, with modes and symbolic links.")
    private List<String> files = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Input input = input();
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

    private Input input() throws LocalFault {
        String first = files.get(0);
        if (files.size() > 1) {
            return severalInputs();
        }
        return !first.equals("-") && Files.isDirectory(Path.of(first))
                ? PackedTree.in(Path.of(first))
                : Input.named(first);
    }

    private Input severalInputs() throws LocalFault {
        if (files.contains("-")) {
            throw new LocalFault("Standard input is a result of its own; it cannot be packed beside files.");
        }
        return PackedTree.of(files.stream().map(Path::of).toList());
    }
}
