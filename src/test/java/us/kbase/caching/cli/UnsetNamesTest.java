package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import us.kbase.caching.cli.run.Run;

/** What a script says whose variable is not set: nothing may come of it. */
class UnsetNamesTest {

    private static CommandLine command(String name) {
        return new CommandLine(List.of(new Get(), new Put(), new Run()).stream()
                        .filter(command -> command.getClass().getSimpleName().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** {@code get --id ''} put the listing in the file's place, {@code put ''} published the current folder. */
    @ParameterizedTest
    @CsvSource({
        "get --id @ x, a cache id is 1 to 128 letters",
        "get --id . x, a cache id is 1 to 128 letters",
        "get --id a/b x, a cache id is 1 to 128 letters",
        "put --id @ x, a cache id is 1 to 128 letters",
        "get --id a @, the name is empty",
        "get --params @ x, the name is empty",
        "put --params p @, the name is empty",
        "put --params p x @, Unmatched argument",
        "run --params p --out @ -- true, the name is empty",
    })
    void areRefused(String typed, String why) {
        List<String> words = Arrays.stream(typed.split(" "))
                .map(word -> word.equals("@") ? "" : word)
                .toList();
        CommandLine command = command(words.getFirst());
        String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
        ParameterException refused = assertThrows(ParameterException.class, () -> command.parseArgs(arguments));
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"get --id 0a_-Z x", "put --params - x", "run --params p --out o/ -- true"})
    void othersAreNot(String typed) {
        String[] words = typed.split(" ");
        CommandLine command = command(words[0]);
        assertEquals(
                words.length - 1,
                command.parseArgs(Arrays.copyOfRange(words, 1, words.length))
                        .originalArgs()
                        .size());
    }
}
