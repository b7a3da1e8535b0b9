package us.kbase.caching.store.s3.write;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What every write of ours carries in its metadata: a random mark, by which it is known again when its reply was lost, and the names
 * of the other metadata, by which an answer that lost or renamed one is seen.
 */
public final class WriteMark {

    private static final String NAME = "write-nonce";
    private static final char SEPARATOR = ';';

    private WriteMark() {}

    /** The metadata of one write, marked. */
    public static Map<String, String> on(Map<String, String> metadata) {
        Map<String, String> marked = new HashMap<>(metadata);
        marked.remove(NAME);
        String names = String.join(",", new TreeSet<>(marked.keySet()));
        marked.put(NAME, UUID.randomUUID().toString() + SEPARATOR + names);
        return marked;
    }

    /** Whether what is there was written by the write that has this metadata. */
    public static boolean isSame(Map<String, String> written, Map<String, String> found) {
        String mark = written.get(NAME);
        return mark != null && mark.equals(found.get(NAME));
    }

    /** The names that were written and are not there; none of what others wrote. */
    public static List<String> missing(Map<String, String> found) {
        String mark = found.getOrDefault(NAME, "");
        int names = mark.indexOf(SEPARATOR) + 1;
        return Collections.list(new StringTokenizer(names == 0 ? "" : mark.substring(names), ",")).stream()
                .map(String::valueOf)
                .filter(name -> !found.containsKey(name))
                .toList();
    }
}
