package us.kbase.caching.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_SYNOPSIS;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Breaks the lines of a help at blanks. Picocli breaks them by the rules for prose of all languages, which also end a line within
 * {@code http://127.0.0.1:5000} or {@code ./data}: so it is given all the room that it wants, and its lines are broken here.
 */
final class HelpText {

    private static final String USAGE = "Usage: ";
    private static final int COLUMNS = 80;
    private static final int ROOM = 2_000;
    private static final int INDENT_MAX = 32;

    /** What stands left of a description, which goes on below its own beginning. */
    private static final Pattern LEFT = Pattern.compile("\\s*\\S.*?\\s{2,}|" + USAGE + "\\S+ (\\S+ )?|\\s*");

    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

    private HelpText() {}

    /** Sets a command and its subcommands so. */
    static void breakAtBlanks(CommandLine line) {
        line.setUsageHelpWidth(ROOM);
        line.getHelpSectionMap().replaceAll((key, section) -> help -> wrapped(section.render(help)));
        line.getHelpSectionMap()
                .computeIfPresent(SECTION_KEY_SYNOPSIS, (key, section) -> help -> behindUsage(section.render(help)));
        line.getSubcommands().values().forEach(HelpText::breakAtBlanks);
    }

    /** The heading is a section of its own, but stands in the same line. */
    private static String behindUsage(String synopsis) {
        return wrapped(USAGE + String.join(" ", synopsis.lines().toList())).substring(USAGE.length())
                + System.lineSeparator();
    }

    /** Wraps each line that is too long, with its end kept. */
    static String wrapped(String text) {
        String wrapped = text.lines().map(HelpText::line).collect(Collectors.joining(System.lineSeparator()));
        return text.endsWith("\n") ? wrapped + System.lineSeparator() : wrapped;
    }

    private static String line(String line) {
        if (width(line) <= COLUMNS) {
            return line;
        }
        Matcher left = LEFT.matcher(line);
        int begin = left.lookingAt() ? left.end() : 0;
        int indent = Math.min(INDENT_MAX, width(line.substring(0, begin)));
        StringBuilder wrapped = new StringBuilder(line.substring(0, begin));
        int column = width(wrapped);
        boolean first = true;
        for (String word : line.substring(begin).split(" ", -1)) {
            if (!first && column + 1 + width(word) > COLUMNS) {
                wrapped.append(System.lineSeparator()).append(" ".repeat(indent));
                column = indent;
            } else if (!first) {
                wrapped.append(' ');
                column++;
            }
            wrapped.append(word);
            column += width(word);
            first = false;
        }
        return wrapped.toString();
    }

    private static int width(CharSequence text) {
        return STYLE.matcher(text).replaceAll("").length();
    }
}
