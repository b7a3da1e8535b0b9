package us.kbase.caching.stress;

import picocli.CommandLine;
import us.kbase.caching.stress.compare.CompareCommand;

/** The program's commands: load a running service, or compare the gateway with its peers. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        java.util.Locale.setDefault(java.util.Locale.ROOT);
        CommandLine line = new CommandLine(new StressCommand()).addSubcommand("compare", new CompareCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            failure.printStackTrace(command.getErr());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(arguments));
    }
}
