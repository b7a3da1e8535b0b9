package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What YAML would turn into something else is what the person meant, or an error. */
class YamlScalarsTest {

    /** Each line: a key and its value as it stands in the file; behind {@code =>} what is read, behind {@code !!} what is said. */
    private static final String CORPUS = """
            http.port: 5001 => 5001
            http.port: '5001' => 5001
            http.port: "5001" => 5001
            http.port: +5001 => 5001
            http.port: 5_001 => 5001
            http.port: 0 => 0
            http.port: ~ => 5000
            http.port: null => 5000
            http.port: '' => 5000
            http.port: !!str 5001 => 5001
            http.port: !!int 5001 => 5001
            http.port: 05001 !! begins with a zero
            http.port: 0123 !! begins with a zero
            http.port: 0x1388 !! must be a whole number
            http.port: 0b101 !! must be a whole number
            http.port: 0o17 !! must be a whole number
            http.port: 5e3 !! must be a whole number
            http.port: 1e3 !! must be a whole number
            http.port: 5000.0 !! must be a whole number
            http.port: 1:23:20 !! must be a whole number
            http.port: 12:30:45 !! must be a whole number
            http.port: 2026-01-01 !! must be a whole number
            http.port: .inf !! must be a whole number
            http.port: .nan !! must be a whole number
            http.port: 5,000 !! must be a whole number
            http.port: 5__000 !! must be a whole number
            http.port: 5000_ !! must be a whole number
            http.port: ٥٠٠٠ !! must be a whole number
            http.port: yes !! must be a whole number
            http.port: '~' !! must be a whole number
            http.port: [5000] !! must be a single value
            http.port: {a: b} !! http.port.a is not a key of this program
            http.port: !port 5000 !! reads as a type
            http.port: !!binary NTAwMA== !! reads as a type
            http.port: !!float 5000 => 5000
            http.port: &p 5000 !! reads as a name
            http.port: #5000 !! reads as a comment
            http.port: 5000 # the usual one => 5000
            http.access-log: yes => true
            http.access-log: No => false
            http.access-log: on => true
            http.access-log: OFF => false
            http.access-log: y => true
            http.access-log: n => false
            http.access-log: 0 => false
            http.access-log: 1 => true
            http.access-log: TRUE => true
            http.access-log: 2 !! must be true or false
            http.access-log: maybe !! must be true or false
            http.access-log: 0.0 !! must be true or false
            metrics.port: off => off
            metrics.port: no => off
            metrics.port: false => off
            metrics.port: on !! or off
            cluster.name: no => no
            cluster.name: yes => yes
            cluster.name: on => on
            cluster.name: 0123 => 0123
            cluster.name: 1e3 => 1e3
            cluster.name: 1_000 => 1_000
            cluster.name: 0x10 => 0x10
            cluster.name: 12:30:45 => 12:30:45
            cluster.name: 2026-01-01 => 2026-01-01
            cluster.name: 2026-01-01T12:00:00Z => 2026-01-01T12:00:00Z
            cluster.name: 1.10 => 1.10
            cluster.name: '~' => ~
            cluster.name: "null" => null
            cluster.name: = => =
            cluster.name: .5 => .5
            cluster.name: "a\\tb" => a\tb
            cluster.name: "a\\nb" !! holds a line break
            cluster.name: a#b => a#b
            cluster.name: a b => a b
            cluster.name: *a !! not valid YAML
            cluster.name: @a !! not valid YAML
            cluster.name: %a !! not valid YAML
            cluster.name: `a !! not valid YAML
            cluster.name: a: b !! not valid YAML
            cluster.name: [a !! not valid YAML
            cluster.name: "a !! not valid YAML
            cluster.name: &a !! reads as a name
            cluster.name: !a !! reads as a type
            auth.admin-users: [yes, 0123, ~, 1e3] => yes,0123,~,1e3
            auth.admin-users: yes, no => yes,no
            auth.admin-users: 12:30:45 => 12:30:45
            auth.admin-users: [[a]] !! no plain text
            auth.admin-users: [&a b] !! no plain text
            auth.tokens: {0123: alice, yes: bob} => 2 static tokens
            auth.tokens: {a: no} => 1 static token
            auth.tokens: {a: [b]} !! not name: value
            auth.tokens: {a: b, a: c} !! stands here twice
            auth.tokens: a:b,c:d => 2 static tokens
            auth.tokens: [a:b] => 1 static token
            auth.tokens: a !! an item has no colon
            store.disk.path: ~/data !! begins with ~
            store.disk.path: /srv/2026-01-01 => /srv/2026-01-01
            store.s3.region: no => no
            limits.upload-bytes-max: 1_000_000 => 1000000
            limits.upload-bytes-max: 1e6 !! must be a whole number
            limits.upload-bytes-max: 10GB !! must be a whole number
            cluster.members: [10.0.0.1, "[::1]:5702"] => 10.0.0.1:5701,[::1]:5702
            cluster.members: ['::1'] => [::1]:5701
            cluster.members: [[::1]:5702] !! not valid YAML
            cluster.host: ::1 => [::1]:5701
            cluster.host: "[::1]:80" => [::1]:80
            cluster.host: [::1]:80 !! not valid YAML
            http.host: ::1 => ::1
            """;

    @TempDir
    Path folder;

    static Stream<String> corpus() {
        return CORPUS.lines();
    }

    private LoadedConfig load(Path file) throws ConfigException {
        return ConfigLoader.load(Optional.of(file), folder.resolve(".env"), Map.of());
    }

    private LoadedConfig load(String text) throws ConfigException, IOException {
        return load(Files.writeString(folder.resolve("c.yaml"), text));
    }

    private static String shown(LoadedConfig loaded, String key) {
        return loaded.keys().stream()
                .filter(effective -> effective.key().equals(key))
                .findFirst()
                .orElseThrow()
                .shown();
    }

    private List<String> problems(String text) {
        return assertThrows(ConfigException.class, () -> load(text)).problems();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void isReadAsItIsWrittenOrRefused(String line) throws Exception {
        boolean refused = line.contains(" !! ");
        String[] parts = line.split(refused ? " !! " : " => ", 2);
        String key = parts[0].substring(0, parts[0].indexOf(':'));
        if (refused) {
            List<String> problems = problems(parts[0]);
            assertTrue(problems.stream().anyMatch(problem -> problem.contains(parts[1])), problems.toString());
            assertTrue(
                    problems.stream().allMatch(problem -> problem.startsWith(folder.resolve("c.yaml") + ":1: ")),
                    problems.toString());
        } else {
            assertEquals(parts[1], shown(load(parts[0]), key));
        }
    }

    @Test
    void theCorpusIsNotSmall() {
        assertTrue(corpus().count() >= 60);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:\n  port: 1\n  port: 2\n",
                "http:\n  port: 1\nhttp:\n  port: 2\n",
                "http.port: 1\nhttp:\n  port: 2\n",
            })
    void aKeyThatStandsTwiceIsAnError(String text) {
        List<String> problems = problems(text);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("http.port is set twice"), problems.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"- a\n", "just a text\n", "5000\n", "? [a]\n: b\n", "<<: {http.port: 1}\n", "a: 1\n---\nb: 2\n"})
    void aFileOfAnotherShapeIsAnErrorWithItsLine(String text) {
        List<String> problems = problems(text);
        assertTrue(problems.get(0).startsWith(folder.resolve("c.yaml") + ":"), problems.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkAndWindowsLineEndsAreNoPartOfAFile(String charset) throws Exception {
        byte[] bytes =
                "\ufeffhttp:\r\n  port: 1001\r\ncluster:\r\n  name: m\u00fcller\r\n".getBytes(Charset.forName(charset));
        LoadedConfig loaded = load(Files.write(folder.resolve("c.yaml"), bytes));
        assertEquals("1001", shown(loaded, "http.port"));
        assertEquals("m\u00fcller", shown(loaded, "cluster.name"));
    }

    @Test
    void aCommentInAnotherEncodingHarmsNothingAndAValueIsRefused() throws Exception {
        byte[] comment = "http:\n  port: 1001 # f\u00fcr uns\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("1001", shown(load(Files.write(folder.resolve("c.yaml"), comment)), "http.port"));
        byte[] value = "cluster:\n  name: m\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("c.yaml"), value);
        assertEquals(
                List.of(file + ":2: cluster.name holds bytes that are not UTF-8: save the file as UTF-8."),
                assertThrows(ConfigException.class, () -> load(file)).problems());
    }

    /** A value that YAML takes for markup may be a secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&hush",
                "*hush",
                "!hush",
                "#hush",
                "@hush",
                "'hush",
                "[hush",
                "{hush",
                "hush: hush",
                "{hush: hush}",
                "[hush]"
            })
    void aSecretThatYamlMisreadsIsNotShown(String value) {
        List<String> problems = problems("metrics:\n  token: " + value + "\n");
        assertFalse(problems.toString().contains("hush"), problems.toString());
    }
}
