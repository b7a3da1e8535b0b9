package us.kbase.caching.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Raw values by key, each with the place it came from, and the list of everything wrong with them. The environment wins over
 * the file; the name of key {@code a.b-c} is {@code CACHING_A_B_C}, {@code …_FILE} names a file that holds the value.
 */
final class Settings {

    private record Value(String text, String origin) {}

    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Value> lists = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Map<String, String> environment;

    Settings(Map<String, String> environment) {
        this.environment = new HashMap<>(environment);
    }

    void readFile(Path file) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(Files.readString(file)));
            if (root != null) {
                flatten("", root, file);
            }
        } catch (IOException e) {
            problems.add("The configuration file " + file + " cannot be read.");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(file + ":" + line + ": not valid YAML: " + withoutName(e.getProblem()) + ".");
        } catch (YAMLException e) {
            problems.add("The configuration file " + file + " holds bytes that no YAML text may hold.");
        }
    }

    private void flatten(String prefix, Node node, Path file) {
        String origin = file + ":" + (node.getStartMark().getLine() + 1);
        switch (node) {
            case MappingNode mapping -> {
                for (NodeTuple tuple : mapping.getValue()) {
                    String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                    flatten(prefix.isEmpty() ? name : prefix + "." + name, tuple.getValueNode(), file);
                }
            }
            case ScalarNode scalar -> values.put(prefix, new Value(scalar.getValue(), origin));
            case SequenceNode sequence -> lists.put(prefix, new Value(items(sequence), origin));
            default -> problems.add(origin + ": " + shown(prefix) + " cannot be understood.");
        }
    }

    private static String items(SequenceNode sequence) {
        return sequence.getValue().stream()
                .map(item -> item instanceof ScalarNode scalar ? scalar.getValue() : "?")
                .collect(java.util.stream.Collectors.joining(","));
    }

    /** The items of a list, in the environment or on one line separated by commas. */
    List<String> list(String key) {
        Value listed = lists.remove(key);
        if (listed != null) {
            values.put(key, listed);
        }
        return List.of(text(key, "").split("\\s*,\\s*"));
    }

    /** A name of the original's environment that sets a key of ours. */
    void alias(String environmentName, String key, Function<String, String> translate) {
        String text = environment.get(environmentName);
        if (text != null && !text.isEmpty()) {
            values.put(key, new Value(translate.apply(text), environmentName));
        }
    }

    private Optional<Value> find(String key) {
        used.add(key);
        String name = environmentName(key);
        String file = environment.getOrDefault(name + "_FILE", "");
        if (!file.isEmpty()) {
            try {
                return Optional.of(new Value(Files.readString(Path.of(file)).strip(), name + "_FILE"));
            } catch (IOException e) {
                problems.add(name + "_FILE: the file " + file + " cannot be read.");
            }
        }
        // A compose file passes names on that nobody set as empty ones: they must not hide what the file says.
        String text = environment.getOrDefault(name, "");
        return text.isEmpty() ? Optional.ofNullable(values.get(key)) : Optional.of(new Value(text, name));
    }

    static String environmentName(String key) {
        return "CACHING_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    Optional<String> text(String key) {
        return find(key).map(Value::text).filter(text -> !text.isEmpty());
    }

    String text(String key, String byDefault) {
        return text(key).orElse(byDefault);
    }

    /** A value that the rule accepts, or the default and a problem that says what was expected. */
    <T> T parsed(String key, T byDefault, String expected, Function<String, T> rule) {
        Optional<Value> found = find(key).filter(value -> !value.text().isEmpty());
        if (found.isEmpty()) {
            return byDefault;
        }
        try {
            return rule.apply(found.get().text());
        } catch (IllegalArgumentException e) {
            problem(
                    key,
                    "must be " + expected + ", not '" + withoutUser(found.get().text()) + "'.");
            return byDefault;
        }
    }

    long number(String key, long byDefault, long min, long max) {
        return parsed(key, byDefault, "a whole number from " + min + " to " + max, text -> {
            long number = Long.parseLong(text.replace("_", ""));
            if (number < min || number > max) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    boolean flag(String key, boolean byDefault) {
        return parsed(key, byDefault, "true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1", "on" -> true;
            case "false", "no", "0", "off" -> false;
            default -> throw new IllegalArgumentException();
        });
    }

    void problem(String key, String what) {
        String origin = find(key).map(Value::origin).orElse(environmentName(key));
        problems.add(origin + ": " + key + " " + what);
    }

    /** Keys below a prefix, with the prefix cut off. */
    Map<String, String> below(String prefix) {
        used.add(prefix);
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                used.add(key);
                found.put(key.substring(prefix.length()), value.text());
            }
        });
        return found;
    }

    /** Throws when anything was wrong; keys that nobody asked for are wrong too. */
    void check() throws ConfigException {
        lists.forEach((key, value) ->
                problems.add(value.origin() + ": " + shown(key) + " must be a single value, not a list."));
        values.forEach((key, value) -> {
            if (!used.contains(key) && !emptySection(key, value)) {
                problems.add(value.origin() + ": " + shown(key)
                        + " is not a key of this program; see conf/caching-service.yaml.");
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }

    /** Tokens are keys below {@code auth.tokens}: of a key below {@code auth} no more than its first two names is told. */
    private static String shown(String key) {
        return key.startsWith("auth.") ? key.replaceFirst("^(auth\\.[^.]*).*", "$1") : key;
    }

    /** An unquoted secret that begins with {@code *} reads as an alias. */
    private static String withoutName(String problem) {
        return problem.replaceFirst("(alias|anchor|tag handle) .*", "$1");
    }

    private static String withoutUser(String url) {
        return url.replaceAll("//[^/]*@", "//…@");
    }

    private boolean emptySection(String key, Value value) {
        return value.text().isEmpty() && used.stream().anyMatch(known -> known.startsWith(key + "."));
    }
}
