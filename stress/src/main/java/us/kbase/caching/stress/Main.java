package us.kbase.caching.stress;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import us.kbase.caching.stress.compare.CompareCommand;
import us.kbase.caching.stress.siege.SiegeCommand;

/** The program's commands: load a running service, compare the gateway with its peers, or attack it. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(java.util.Locale.ROOT);
        // Programs and not subcommands: what one requires the others do not know.
        Object command = switch (arguments.length > 0 ? arguments[0] : "") {
            case "compare" -> new CompareCommand();
            case "siege" -> new SiegeCommand();
            default -> new StressCommand();
        };
        boolean named = !(command instanceof StressCommand);
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failure.printStackTrace(failed.getErr());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments));
    }
}
