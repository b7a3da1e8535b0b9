package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTextTest {

    static List<CommandLine> commands() {
        CommandLine line = Main.line();
        List<CommandLine> all = new ArrayList<>(line.getSubcommands().values());
        all.add(line);
        return all;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noLineIsWiderThanATerminal(CommandLine command) {
        command.getUsageMessage().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    /** Every word of the text as it is written stands in a line of the help. */
    @ParameterizedTest
    @MethodSource("commands")
    void noWordIsBroken(CommandLine command) {
        String help = " " + command.getUsageMessage().replaceAll("\\s+", " ");
        command.getCommandSpec().options().forEach(option -> {
            for (String text : option.description()) {
                String shown = text.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()));
                assertTrue(help.contains(shown), shown + "\nis broken in\n" + help);
            }
        });
    }

    static List<CommandLine> commandsForPeople() {
        return Main.line().getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .filter(command -> !command.getCommandName().equals("help"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commandsForPeople")
    void everyCommandTellsItsExitCodes(CommandLine command) {
        assertTrue(
                command.getUsageMessage()
                        .matches("(?s).*\\nExit codes:\\R +0 +.*\\R +1 +.*\\R +2 +The command line is wrong.*"),
                command.getUsageMessage());
    }

    @Test
    void aDescriptionGoesOnBelowItsBeginning() {
        assertEquals(
                "  --a=B   " + "word ".repeat(13) + "word" + System.lineSeparator() + "          word",
                HelpText.wrapped("  --a=B   " + "word ".repeat(14) + "word"));
    }

    @Test
    void aWordThatIsTooLongKeepsALineOfItsOwn() {
        String word = "x".repeat(100);
        assertEquals("a" + System.lineSeparator() + word, HelpText.wrapped("a " + word));
    }
}
