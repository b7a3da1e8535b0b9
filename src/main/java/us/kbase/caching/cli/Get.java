package us.kbase.caching.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cli.bundle.UnpackedTree;
import us.kbase.caching.cli.client.Download;
import us.kbase.caching.cli.client.ErrorReply;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Output;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.option.FileNameOption;
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
            "        caching-service get --params params.json - | samtools view -",
            "        caching-service get --params params.json --extract report"
        })
final class Get implements Callable<Integer> {

    private static final int NO_RESULT = 3;

    @Mixin
    private ServerOption server = new ServerOption();

    @ArgGroup(multiplicity = "1")
    private ResultName name = new ResultName();

    @ArgGroup(multiplicity = "1")
    private Place place = new Place();

    /** Where the result goes: as it is, or unpacked. */
    private static final class Place {

        @Parameters(
                index = "0",
                paramLabel = "FILE",
                converter = FileNameOption.class,
                description =
                        "Where to put it; - for standard output. A file is replaced in one step, by a whole result only;"
                                + " it keeps its mode. A device or a named pipe is written to.")
        private @Nullable String file;

        @Option(
                names = "--extract",
                paramLabel = "DIR",
                description =
                        "Unpacks a result that is a ZIP file into this folder, which has to be missing or empty. It"
                                + " appears whole or not at all; an archive with a path or link that leads out of it is refused.")
        private @Nullable Path folder;
    }

    /** Puts a result where it was asked for. */
    private interface Fetch {
        long fetch(GatewayClient client, String cacheId, Progress progress) throws IOException, InterruptedException;
    }

    private Fetch fetch() throws LocalFault {
        Path folder = place.folder;
        if (folder == null) {
            Output output = Output.named(String.valueOf(place.file));
            return (client, id, progress) -> new Download(client, Patience.USUAL).into(output, id, progress);
        }
        UnpackedTree tree = UnpackedTree.in(folder, UnpackedTree.Times.KEPT);
        return (client, id, progress) -> tree.from(client, Patience.USUAL, id, progress);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Fetch fetch = fetch();
        try (GatewayClient client = server.client();
                Progress progress = Progress.onTerminal()) {
            long unused = fetch.fetch(client, name.resolve(client), progress);
            return 0;
        } catch (ErrorReply e) {
            System.err.println("caching-service: " + e.getMessage());
            return e.isNotFound() ? NO_RESULT : 1;
        }
    }
}
