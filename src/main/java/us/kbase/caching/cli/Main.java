package us.kbase.caching.cli;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program's commands. */
@Command(
        name = "caching-service",
        description = "Keeps job results, so that the same job with the same parameters never runs twice.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            Serve.class,
            Run.class,
            Put.class,
            Get.class,
            PrintCacheId.class,
            CheckConfig.class,
            Expire.class,
            PurgeCommand.class,
            Rehearse.class
        })
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // picocli's classes are of Java 5, which no start-up cache takes: to find nothing to parse would take 150 ms.
        boolean justServe = Arrays.equals(arguments, new String[] {"serve"});
        System.exit(justServe ? serve() : run(arguments));
    }

    private static int serve() {
        try {
            return new Serve().call();
        } catch (InterruptedException | RuntimeException failure) {
            return failed(failure);
        }
    }

    private static int failed(Exception failure) {
        System.err.println("caching-service: " + failure.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int run(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        return arguments.length == 0 ? usage(line) : line.execute(arguments);
    }

    private static int usage(CommandLine line) {
        line.usage(line.getOut());
        return CommandLine.ExitCode.USAGE;
    }

    /** The version that the jar's manifest names. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"caching-service " + (version == null ? "(built from classes)" : version)};
        }
    }
}
