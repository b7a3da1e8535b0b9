package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever README, docs, decisions and comments refer to is there. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");
    private static final Pattern DECISION = Pattern.compile("docs/adr/(\\d{4})|\\bADR (\\d+)\\b");
    private static final Pattern CLASS =
            Pattern.compile("`(?:[a-z0-9.]+\\.)?([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:\\.[a-zA-Z]+)?`");

    /** A test, by its class and perhaps its method, or by a method alone. */
    private static final Pattern TEST_NAME =
            Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`|`([a-z]\\w{20,})`");

    private static final Pattern IMPORTED = Pattern.compile("^import [\\w.]+\\.(\\w+);", Pattern.MULTILINE);

    /** In the first cell of a row. */
    private static final Pattern SENTENCE = Pattern.compile("^\\| (?:\\d+ )?`([^`]+)`[^|]*\\|");

    /** S3's codes stand so in the code. */
    private static final Pattern QUOTED = Pattern.compile("\"([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)\"");

    /** Types that documents name and the code does not import. */
    private static final Set<String> FOREIGN =
            Set.of("BodyHandler", "S3Presigner", "OutOfMemoryError", "TrimNativeHeapInterval");

    @Test
    void linksLeadToFiles() {
        assertEquals(Set.of(), broken(LINK, documents(), DocumentsTest::isThere));
    }

    @Test
    void decisionsThatCodeAndDocumentsNameExist() {
        Set<String> decisions = files(Path.of("docs/adr"), ".md").stream()
                .map(file -> file.getFileName().toString().substring(0, 4))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (Path file : Stream.concat(documents().stream(), sources().stream()).toList()) {
            DECISION.matcher(read(file)).results().forEach(found -> {
                String number =
                        "%04d".formatted(Integer.parseInt(found.group(1) == null ? found.group(2) : found.group(1)));
                if (!decisions.contains(number)) {
                    missing.add(file + ": " + found.group());
                }
            });
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void classesThatDocumentsNameExist() {
        Set<String> known = new TreeSet<>(FOREIGN);
        for (Path file : sources()) {
            known.add(file.getFileName().toString().replace(".java", ""));
            IMPORTED.matcher(read(file)).results().forEach(found -> known.add(found.group(1)));
            QUOTED.matcher(read(file)).results().forEach(found -> known.add(found.group(1)));
        }
        Set<String> missing = new TreeSet<>();
        for (Path file : documents()) {
            CLASS.matcher(read(file))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !known.contains(name))
                    .forEach(name -> missing.add(file + ": " + name));
        }
        assertEquals(Set.of(), missing);
    }

    /** {@code Class.method}, and further methods of the same class behind it. */
    @Test
    void testsThatTheTableOfFaultsNamesExist() {
        Map<String, String> tests = files(Path.of("src/test/java"), ".java").stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        DocumentsTest::read,
                        (a, b) -> a + b));
        Set<String> missing = new TreeSet<>();
        for (String row : read(Path.of("docs/faults.md")).lines().toList()) {
            String[] type = {""};
            TEST_NAME.matcher(row).results().forEach(found -> {
                String named = String.valueOf(found.group(1) == null ? found.group(3) : found.group(2));
                type[0] = found.group(1) == null ? type[0] : found.group(1);
                String code = tests.getOrDefault(type[0], "");
                boolean isThere =
                        code.isEmpty() || code.contains(" " + named + "(") || code.contains("class " + named + " ");
                if (!named.equals("null") && !type[0].isEmpty() && !isThere) {
                    missing.add(type[0] + "." + named);
                }
            });
        }
        assertEquals(Set.of(), missing);
    }

    /** By which somebody looks for them, as the program says them. */
    @Test
    void sentencesOfTroubleAreInTheCode() {
        String code = Stream.of("src/main", "launcher")
                .flatMap(root -> files(Path.of(root), "").stream())
                .filter(Files::isRegularFile)
                .map(DocumentsTest::read)
                .collect(Collectors.joining());
        Set<String> missing = new TreeSet<>();
        for (String row : read(Path.of("docs/troubleshooting.md")).lines().toList()) {
            SENTENCE.matcher(row)
                    .results()
                    .map(found -> found.group(1))
                    .forEach(sentence -> Stream.of(sentence.split("…|\\d+"))
                            .map(String::strip)
                            .filter(words -> !words.isEmpty() && !code.contains(words))
                            .forEach(words -> missing.add(sentence)));
        }
        assertEquals(Set.of(), missing);
    }

    private static Set<String> broken(Pattern link, List<Path> documents, Predicate<Path> there) {
        Set<String> broken = new TreeSet<>();
        for (Path document : documents) {
            link.matcher(read(document))
                    .results()
                    .map(found -> found.group(1))
                    .filter(target -> !target.contains("://"))
                    .forEach(target -> {
                        if (!there.test(document.resolveSibling(target))) {
                            broken.add(document + ": " + target);
                        }
                    });
        }
        return broken;
    }

    private static boolean isThere(Path target) {
        return Files.exists(target.normalize());
    }

    private static List<Path> documents() {
        return Stream.of(
                        List.of(
                                Path.of("README.md"),
                                Path.of("CONTRIBUTING.md"),
                                Path.of("CHANGELOG.md"),
                                Path.of("SECURITY.md"),
                                Path.of("stress/README.md")),
                        files(Path.of("docs"), ".md"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Path> sources() {
        return Stream.of("src", "stress/src")
                .flatMap(root -> files(Path.of(root), ".java").stream())
                .toList();
    }

    private static List<Path> files(Path root, String ending) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
