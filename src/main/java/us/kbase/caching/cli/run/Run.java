package us.kbase.caching.cli.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.option.DurationOption;
import us.kbase.caching.cli.option.FileNameOption;
import us.kbase.caching.cli.option.LeaseTimeOption;
import us.kbase.caching.cli.option.ServerOption;

/** Runs a command unless its result is there already, or somebody else is computing it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a command once for all who want its result: downloads the result if it is there, waits if"
                + " somebody computes it, else runs the command and uploads what it wrote.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The result is in FILE or DIR: downloaded, or computed by the command.",
            "1:The service refused, the result could not be written here, or the command wrote none.",
            "2:The command line is wrong.",
            "75:The wait was over while somebody else still computed; nothing was run.",
            "127:There is no such command.",
            "others:The command's own; 128 + n when signal n ended it."
        },
        footer = {
            "",
            "Signals go to the command and all that it started.",
            "",
            "Sample: caching-service run --params params.json --out big.gz -- gzip -kf big",
            "        caching-service run --params params.json --out report -- fastqc-into report reads.fq",
            "        caching-service run --params params.json --out a.bam --out a.bai -- make a.bam a.bai"
        })
public final class Run implements Callable<Integer> {

    @Mixin
    private ServerOption server = new ServerOption();

    @Option(
            names = "--params",
            required = true,
            paramLabel = "FILE",
            description = "The job's parameters, a JSON object; - for standard input.")
    private String parameters = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE|DIR",
            converter = FileNameOption.class,
            description = "The file or folder that the command writes; - for what it prints, which is shown when it has"
                    + " ended. Several of them, each with an --out of its own, make one result. A folder has to be missing"
                    + " or empty; one that ends with / is a folder in any case.")
    private List<String> out = List.of();

    @Option(
            names = "--wait",
            defaultValue = "10m",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "How long to wait while somebody else computes (default: ${DEFAULT-VALUE}).")
    private Duration wait = Duration.ofMinutes(10);

    @Option(
            names = "--ttl",
            defaultValue = "60s",
            paramLabel = "TIME",
            converter = LeaseTimeOption.class,
            description =
                    "After how long without a sign of life another may compute, from 1s to 1h (default: ${DEFAULT-VALUE}).")
    private Duration ttl = Duration.ofSeconds(60);

    @Option(
            names = "--if-down",
            defaultValue = "compute",
            paramLabel = "compute|fail",
            description = "What to do when the service does not answer: run the command without the cache, or end with"
                    + " exit code 1 and run nothing (default: ${DEFAULT-VALUE}).")
    private RunOnce.IfDown ifDown = RunOnce.IfDown.COMPUTE;

    @Option(names = "--no-lease", description = "Looks, computes if there is nothing, and waits for nobody.")
    private boolean noLease;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "After --: the command and its arguments.")
    private List<String> command = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (JobOutput output = JobOutput.named(out);
                GatewayClient client = server.client()) {
            RunOnce.Job job = new RunOnce.Job(
                    Input.named(parameters).text(),
                    command,
                    wait,
                    noLease ? Optional.empty() : Optional.of(ttl),
                    ifDown);
            return new RunOnce(client, job, output).run();
        }
    }
}
