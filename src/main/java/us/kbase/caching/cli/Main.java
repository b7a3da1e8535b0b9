package us.kbase.caching.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import us.kbase.caching.Version;
import us.kbase.caching.cli.run.Run;
import us.kbase.caching.cli.upkeep.Expire;
import us.kbase.caching.cli.upkeep.MoveCommand;
import us.kbase.caching.cli.upkeep.PurgeCommand;
import us.kbase.caching.cli.upkeep.Verify;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.log.PrintedLines;

/** The program's commands. */
@Command(
        name = "caching-service",
        description = "Keeps job results, so that the same job with the same parameters never runs twice.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.NamedVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Try 'caching-service help COMMAND' for a command's options and a sample."},
        subcommands = {
            Serve.class,
            Run.class,
            Put.class,
            Get.class,
            PrintCacheId.class,
            CheckConfig.class,
            Expire.class,
            PurgeCommand.class,
            Verify.class,
            MoveCommand.class,
            HelpCommand.class,
            Rehearse.class
        })
public final class Main {

    private static final String LOST_LETTER = "\ufffd";

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // picocli's classes are of Java 5, which no start-up cache takes: to find nothing to parse would take 150 ms.
        boolean justServe = Arrays.equals(arguments, new String[] {"serve"});
        if (isLogged(arguments)) {
            PrintedLines.replaceStandardStreamsOfJson(); // before the log is made, which a library may speak of
        }
        System.exit(justServe ? serve() : run(arguments));
    }

    /** Whether programs read what is printed: a gateway's, also of one that is started wrongly. */
    private static boolean isLogged(String[] arguments) {
        return arguments.length > 0
                && arguments[0].equals("serve")
                && Collections.disjoint(List.of(arguments), Set.of("-h", "--help", "-V", "--version"));
    }

    private static int serve() {
        try {
            return new Serve().call();
        } catch (InterruptedException | RuntimeException failure) {
            return failed(failure);
        }
    }

    private static int failed(Exception failure) {
        System.err.println("caching-service: " + sentence(failure));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The file system's failures are sometimes nothing but the file's name. */
    private static String sentence(Exception failure) {
        return failure instanceof FileSystemException file
                ? file.getFile() + ": " + Reason.clause(file) + "."
                : String.valueOf(failure.getMessage());
    }

    private static int run(String[] arguments) {
        if (isLost(System.getProperty("user.dir", ""))
                || Arrays.stream(arguments).anyMatch(Main::isLost)) {
            return failed(new IOException("A name on the command line, or this folder's, has letters that the locale"
                    + " cannot say; set LC_ALL=C.UTF-8, or use names in UTF-8."));
        }
        CommandLine line = line();
        return arguments.length == 0 ? usage(line) : line.execute(arguments);
    }

    /** What Java cannot read by the locale it replaces, and so another file would be read or another command be run. */
    private static boolean isLost(String text) {
        return text.contains(LOST_LETTER);
    }

    public static CommandLine line() {
        CommandLine line = new CommandLine(new Main());
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(new NamedVersion()));
        HelpText.breakAtBlanks(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        line.setParameterExceptionHandler((failure, given) -> misused(failure));
        return line;
    }

    /** One sentence, and where to read on; the whole usage would hide it. */
    private static int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("caching-service: " + String.valueOf(failure.getMessage()).replaceFirst("\\.?$", "."));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int usage(CommandLine line) {
        line.usage(line.getOut());
        return CommandLine.ExitCode.USAGE;
    }

    /** What {@code --version} prints. */
    public static final class NamedVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"caching-service " + Version.own()};
        }
    }
}
