package us.kbase.caching.cli.bundle;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;

/**
 * Which paths may stand in one tree: below its root, each once, and no two that are one on a file system that does not tell cases or
 * forms of Unicode apart. Refuses by name. One thread.
 */
final class PathRules {

    private static final int SHOWN_MAX = 200;
    private static final int LINK_CHARS_MAX = 4096;

    private record Node(String path, boolean folder, boolean named) {}

    private final Map<String, Node> nodes = new HashMap<>();

    /** Takes one more path; a folder's may end with a slash. */
    void add(String path, Member.Kind kind) throws LocalFault {
        boolean folder = kind == Member.Kind.FOLDER;
        String name = folder && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            addParent(name.substring(0, slash), path);
        }
        checkSegment(name.substring(name.lastIndexOf('/') + 1), path);
        Node known = nodes.get(folded(name));
        if (known != null && !known.path.equals(name)) {
            throw clash(known.path, name);
        }
        if (known != null && (known.named || known.folder != folder)) {
            throw refused(path, "stands there twice");
        }
        nodes.put(folded(name), new Node(name, folder, true));
    }

    private void addParent(String parent, String path) throws LocalFault {
        checkSegment(parent.substring(parent.lastIndexOf('/') + 1), path);
        Node known = nodes.get(folded(parent));
        if (known == null) {
            nodes.put(folded(parent), new Node(parent, true, false));
        } else if (!known.path.equals(parent)) {
            throw clash(known.path, parent);
        } else if (!known.folder) {
            throw refused(path, "would lie below a file");
        }
    }

    private static void checkSegment(String segment, String path) throws LocalFault {
        if (segment.isEmpty()) {
            throw refused(path, path.startsWith("/") ? "is an absolute path" : "has a folder without a name");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw refused(path, "leads out of its folder");
        }
        if (segment.chars().anyMatch(c -> c == '\\' || c == 0 || c == '\ufffd')) {
            throw refused(path, "has a character that is not the same everywhere");
        }
    }

    /**
     * Fails for a symbolic link that may lead out of its tree. Steps upward stand at its beginning only: behind another link they would lead
     * elsewhere than they say.
     *
     * @param depth how many folders of the tree the link lies in
     */
    static void checkLink(String path, String target, int depth) throws LocalFault {
        int up = 0;
        int at = 0;
        boolean down = false;
        if (target.isEmpty() || target.length() > LINK_CHARS_MAX || target.startsWith("/") || target.indexOf(0) >= 0) {
            throw refused(path, "is a link that leads out of its tree");
        }
        while (at < target.length()) {
            int slash = target.indexOf('/', at);
            int end = slash < 0 ? target.length() : slash;
            String segment = target.substring(at, end);
            boolean upward = segment.equals("..");
            if (upward && (down || ++up > depth)) {
                throw refused(path, "is a link that leads out of its tree");
            }
            down |= !upward && !segment.isEmpty() && !segment.equals(".");
            at = end + 1;
        }
    }

    /** How many folders a path lies in. */
    static int depth(String path) {
        return (int) path.chars().filter(c -> c == '/').count();
    }

    /** How such a file system sees it. */
    static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    private static LocalFault clash(String one, String other) {
        return refused(other, "and " + shown(one) + " are one name on many file systems");
    }

    /** Why a file cannot be in a bundle. */
    static LocalFault refused(String path, String why) {
        return new LocalFault(shown(path) + " " + why + ", so it is neither packed nor unpacked.");
    }

    /** A path as a line of a terminal may show it. */
    static String shown(String path) {
        StringBuilder shown = new StringBuilder();
        path.codePoints()
                .limit(SHOWN_MAX)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
