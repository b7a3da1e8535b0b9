package us.kbase.caching;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of rooms in docs/architecture.md: which room may see which. */
final class RoomTable {

    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9.]+)` \\| [^|]+ \\| ([^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z0-9.]+)`");

    private RoomTable() {}

    /** Each room with all that it sees. */
    static Map<String, Set<String>> read() throws IOException {
        Map<String, Set<String>> rooms = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs/architecture.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> sees = new TreeSet<>();
                NAME.matcher(row.group(2)).results().forEach(name -> sees.add(name.group(1)));
                rooms.put(row.group(1), sees);
            }
        }
        return rooms;
    }
}
