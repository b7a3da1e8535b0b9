package us.kbase.caching.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import us.kbase.caching.config.source.TextFile;

/**
 * Reads a configuration file into raw values by key. Scalars keep the text that was written; what YAML takes for markup of its own,
 * and so away from the text, is an error. The tree is told to the table's keys by {@link KeyNames}.
 */
final class YamlFile {

    private static final Set<Tag> PLAIN =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);
    private static final String QUOTE = "put the value in single quotes";

    private final Path file;
    private final Map<String, Raw> values = new LinkedHashMap<>();
    private final List<String> problems;
    private List<String> lines = List.of();

    private YamlFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads a file; what is wrong with it is added to the problems, one sentence each. */
    static Map<String, Raw> read(Path file, List<String> problems) {
        YamlFile reader = new YamlFile(file, problems);
        try {
            reader.parse(TextFile.read(file));
        } catch (IOException e) {
            problems.add("The configuration file " + e.getMessage());
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
            problems.add(reader.at(line) + ": not valid YAML: " + withoutName(String.valueOf(e.getProblem()))
                    + "; check the indentation, and " + QUOTE
                    + " where it begins with a special character or holds a colon and a blank.");
        } catch (YAMLException e) {
            problems.add("The configuration file " + file + " holds control characters: take them out.");
        }
        return reader.values;
    }

    private void parse(String text) {
        lines = text.lines().toList();
        Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        if (root instanceof MappingNode mapping) {
            flatten("", mapping);
        } else if (root != null && !isEmpty(root)) {
            problems.add(at(line(root))
                    + ": the file must hold sections (\"http:\") with keys (\"  port: 5000\") below them.");
        }
    }

    private void flatten(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> name = name(tuple.getKeyNode());
            if (name.isEmpty()) {
                problems.add(at(line(tuple.getKeyNode())) + ": a key that is no single word; write name: value.");
                continue;
            }
            String key = prefix + name.get();
            switch (tuple.getValueNode()) {
                case MappingNode below -> {
                    if (KeyNames.isMapping(key)) {
                        put(key, entries(below));
                    } else {
                        flatten(key + ".", below);
                    }
                }
                case SequenceNode list -> put(key, items(list));
                case ScalarNode scalar -> put(key, scalar(key, tuple.getKeyNode(), scalar));
                default -> problems.add(at(line(mapping)) + ": a value that is neither text, list nor mapping.");
            }
        }
    }

    private void put(String key, Raw value) {
        Raw before = values.putIfAbsent(key, value);
        if (before != null) {
            problems.add(value.origin() + ": " + KeyNames.shown(key) + " is set twice, first at " + before.origin()
                    + ": take one away.");
        }
    }

    private Raw scalar(String key, Node keyNode, ScalarNode node) {
        String origin = at(line(keyNode));
        String markup = markup(node);
        if (!markup.isEmpty()) {
            problems.add(origin + ": " + KeyNames.shown(key) + " " + markup + ".");
        }
        return node.getTag().equals(Tag.NULL) || node.getValue().isEmpty()
                ? new Raw.Nothing(origin)
                : new Raw.Scalar(node.getValue().strip(), node.isPlain(), origin);
    }

    /** What a person wrote as a part of the value and YAML took for something else; empty where there is none. */
    private String markup(ScalarNode node) {
        if (node.getAnchor() != null) {
            return "has a value that begins with &, which YAML reads as a name for it: " + QUOTE;
        }
        if (!PLAIN.contains(node.getTag())) {
            return "has a value that begins with !, which YAML reads as a type: " + QUOTE;
        }
        if (isEmpty(node) && beginsAsComment(node)) {
            return "has a value that begins with #, which YAML reads as a comment: " + QUOTE
                    + ", or a blank behind the #";
        }
        return "";
    }

    private boolean beginsAsComment(ScalarNode node) {
        int line = node.getEndMark().getLine();
        if (line >= lines.size()) {
            return false;
        }
        String rest = lines.get(line);
        String behind = rest.substring(Math.min(rest.length(), node.getEndMark().getColumn()))
                .strip();
        return behind.length() > 1 && behind.charAt(0) == '#' && Character.isLetterOrDigit(behind.charAt(1));
    }

    private static boolean isEmpty(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && scalar.getValue().isEmpty();
    }

    private Raw items(SequenceNode list) {
        List<String> items = list.getValue().stream().map(this::item).toList();
        return new Raw.Items(items, at(line(list)));
    }

    private String item(Node node) {
        if (node instanceof ScalarNode scalar && markup(scalar).isEmpty()) {
            return scalar.getValue();
        }
        problems.add(at(line(node)) + ": an item of a list that is no plain text: " + QUOTE + ".");
        return "";
    }

    private Raw entries(MappingNode mapping) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            boolean texts = name(tuple.getKeyNode()).isPresent()
                    && tuple.getValueNode() instanceof ScalarNode value
                    && markup(value).isEmpty();
            String name = name(tuple.getKeyNode()).orElse("");
            String value = tuple.getValueNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!texts) {
                problems.add(
                        at(line(tuple.getKeyNode())) + ": an entry that is not name: value; quote what is neither.");
            } else if (entries.putIfAbsent(name, value) != null) {
                problems.add(at(line(tuple.getKeyNode())) + ": an entry that stands here twice: take one away.");
            }
        }
        return new Raw.Entries(entries, at(line(mapping)));
    }

    private Optional<String> name(Node key) {
        return key instanceof ScalarNode scalar && markup(scalar).isEmpty()
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    private static int line(Node node) {
        return node.getStartMark().getLine();
    }

    private String at(int line) {
        return file + ":" + (line + 1);
    }

    /** An unquoted secret that begins with {@code *} reads as an alias. */
    private static String withoutName(String problem) {
        return problem.replaceFirst("(alias|anchor|tag handle) .*", "$1").replaceFirst("\\. \\(.*", "");
    }
}
