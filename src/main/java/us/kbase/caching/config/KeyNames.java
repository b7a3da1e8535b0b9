package us.kbase.caching.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of the table's keys and sections, in files and in the environment; and what is said of names that are none of them. */
final class KeyNames {

    /** Read by the launcher, the log or the client commands, which know no configuration. */
    private static final Set<String> OF_OTHERS = Set.of(
            "CACHING_HEAP",
            "CACHING_LOG",
            "CACHING_LOG_LEVEL",
            "CACHING_SERVER",
            "CACHING_TOKEN",
            "CACHING_CA",
            "CACHING_CERT",
            "CACHING_KEY");

    private static final String FILE = "_FILE";
    private static final String PREFIX = "CACHING_";
    private static final Set<String> KEYS = Keys.ALL.stream().map(Key::name).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> SECTIONS = sections();
    private static final Set<String> ENVIRONMENT = environment();

    private KeyNames() {}

    private static Set<String> sections() {
        Set<String> sections = new LinkedHashSet<>();
        for (String key : KEYS) {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                sections.add(key.substring(0, dot));
            }
        }
        return sections;
    }

    private static Set<String> environment() {
        return Keys.ALL.stream()
                .flatMap(key -> Stream.of(key.environmentName(), key.environmentName() + FILE))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a key holds a mapping whose names are the operator's own. */
    static boolean isMapping(String key) {
        return key.equals(Keys.AUTH_TOKENS.name());
    }

    /** A key as a message may show it: of one that is not in the table only as much as is, since tokens may stand as keys. */
    static String shown(String key) {
        if (KEYS.contains(key) || SECTIONS.contains(key)) {
            return key;
        }
        int dot = key.indexOf('.');
        while (dot >= 0 && SECTIONS.contains(key.substring(0, dot))) {
            int next = key.indexOf('.', dot + 1);
            if (next < 0) {
                break;
            }
            dot = next;
        }
        return dot < 0 ? key : key.substring(0, dot) + ".…";
    }

    /** What is wrong with the keys of a file, one sentence each; what stands below an unknown section is told once. */
    static List<String> unknown(Map<String, Raw> values) {
        Set<String> problems = new LinkedHashSet<>();
        values.forEach((key, value) -> {
            if (SECTIONS.contains(key)) {
                if (!(value instanceof Raw.Nothing)) {
                    problems.add(value.origin() + ": " + key + " is a section: its keys stand below it, indented, as "
                            + anyBelow(key) + ".");
                }
            } else if (!KEYS.contains(key)) {
                String problem = unknown(key);
                problems.add(value.origin() + ": " + problem
                        + (problem.endsWith("?") ? "" : "; see conf/caching-service.yaml."));
            }
        });
        return new ArrayList<>(problems);
    }

    private static String unknown(String key) {
        Optional<String> meant = Spelling.nearest(key, KEYS);
        if (meant.isPresent()) {
            return key + " is not a key of this program; did you mean " + meant.get() + "?";
        }
        String begin = key;
        while (begin.indexOf('.') >= 0) {
            begin = begin.substring(0, begin.lastIndexOf('.'));
            Optional<String> near = Spelling.nearest(
                    begin, Stream.concat(KEYS.stream(), SECTIONS.stream()).toList());
            if (near.isPresent() && !near.get().equals(begin)) {
                return begin + " is not a section of this program; did you mean " + near.get() + "?";
            }
            if (SECTIONS.contains(begin)) {
                return "the section " + begin + " has a key that is none of " + below(begin);
            }
        }
        return Spelling.nearest(key, SECTIONS)
                .map(near -> key + " is not a section of this program; did you mean " + near + "?")
                .orElse("a section that is none of "
                        + String.join(
                                ", ", Keys.SECTIONS.keySet().stream().sorted().toList()));
    }

    private static String below(String section) {
        return Keys.ALL.stream()
                .filter(key -> key.name().startsWith(section + "."))
                .map(key -> key.name().substring(section.length() + 1))
                .collect(Collectors.joining(", "));
    }

    private static String anyBelow(String section) {
        return KEYS.stream()
                .filter(key -> key.startsWith(section + "."))
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    /** Whether a variable has a meaning in the environment alone, since no configuration is known where it is read. */
    static boolean isOfTheEnvironmentAlone(String name) {
        return OF_OTHERS.contains(name);
    }

    /** What is wrong with a variable's name; nothing where it is one of ours or no concern of ours. */
    static Optional<String> unknownVariable(String name, String value) {
        if (ENVIRONMENT.contains(name) || OF_OTHERS.contains(name) || OriginalNames.ALL.contains(name)) {
            return Optional.empty();
        }
        boolean ours = name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && !isOfAPlatform(name, value);
        List<String> ownNames =
                Stream.of(ENVIRONMENT, OF_OTHERS).flatMap(Set::stream).toList();
        Optional<String> meant = ours
                ? Spelling.nearest(name, ownNames)
                : Stream.concat(ownNames.stream(), OriginalNames.DISTINCT.stream())
                        .filter(known ->
                                Math.abs(known.length() - name.length()) <= 1 && Spelling.distance(name, known) <= 1)
                        .findFirst();
        if (!ours && meant.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(name + " is not a variable of this program"
                + meant.map(known -> "; did you mean " + known + "?").orElse("; see conf/caching-service.yaml."));
    }

    /** Docker links and Kubernetes tell every container of services by such variables; one may be called caching. */
    private static boolean isOfAPlatform(String name, String value) {
        return name.matches(".*_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?")
                || name.matches(".*_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?")
                        && !ENVIRONMENT.contains(name)
                        && (value.contains("://") || name.matches(".*_[0-9]+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)"));
    }
}
