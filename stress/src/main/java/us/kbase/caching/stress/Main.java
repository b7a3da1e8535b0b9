package us.kbase.caching.stress;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import us.kbase.caching.stress.compare.CompareCommand;

/** The program's commands: load a running service, or compare the gateway with its peers. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(java.util.Locale.ROOT);
        // Two programs and not a subcommand: what one requires the other does not know.
        boolean compare = arguments.length > 0 && arguments[0].equals("compare");
        CommandLine line = new CommandLine(compare ? new CompareCommand() : new StressCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            failure.printStackTrace(command.getErr());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(compare ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments));
    }
}
