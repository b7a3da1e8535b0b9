package us.kbase.caching.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What documents and help show to be typed. */
final class Commands {

    /** A line that is indented by four blanks is code; a table's row holds one sample in its last column. */
    private static final String CODE = "    ";

    private static final Pattern ROW = Pattern.compile("^\\|.*\\| `(curl [^`]*)` \\|$");
    private static final Pattern SPAN = Pattern.compile("`(\\./caching-service [^`]*)`");
    private static final Pattern SAMPLE = Pattern.compile("(?s)Sample: (.*)$");

    private Commands() {}

    /** Lines of code that follow each other, below a heading. */
    record Block(String heading, String text) {}

    static List<Block> blocks(Path document) {
        List<Block> blocks = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        String heading = "";
        for (String line : (Iterable<String>) Stream.concat(lines(document), Stream.of(""))::iterator) {
            if (line.startsWith(CODE)) {
                open.append(line.substring(CODE.length())).append('\n');
                continue;
            }
            if (!open.isEmpty()) {
                blocks.add(new Block(heading, open.toString()));
                open.setLength(0);
            }
            heading = line.startsWith("#") ? line.replace("#", "").strip() : heading;
        }
        return blocks;
    }

    /** The samples of a table of requests. */
    static List<String> rows(Path document) {
        return lines(document)
                .flatMap(line -> ROW.matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** Calls of the program in running text. */
    static List<String> spans(Path document) {
        return SPAN.matcher(String.join("\n", lines(document).toList()))
                .results()
                .map(found -> found.group(1).replace("\n", " "))
                .toList();
    }

    /** The samples in the help of all commands. */
    static List<String> helpSamples() {
        List<String> samples = new ArrayList<>();
        for (CommandLine command : Main.line().getSubcommands().values()) {
            var usage = command.getCommandSpec().usageMessage();
            String text = String.join("\n", usage.description()) + "\n" + String.join("\n", usage.footer());
            SAMPLE.matcher(text)
                    .results()
                    .flatMap(found -> found.group(1).lines())
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(samples::add);
        }
        return samples;
    }

    private static Stream<String> lines(Path document) {
        try {
            return Files.readAllLines(document).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
