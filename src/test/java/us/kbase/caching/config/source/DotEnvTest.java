package us.kbase.caching.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotEnvTest {

    /** Each line: a file's text, the environment, and what docker compose (compose-go 2.16.2, package dotenv) reads from it. */
    static Stream<JsonObject> corpus() {
        try (var lines = DotEnvTest.class.getResourceAsStream("dotenv.jsonl")) {
            String text = new String(lines.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(JsonObject::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> strings(JsonObject object) {
        return object.stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue()));
    }

    private static Map<String, String> read(String text, Map<String, String> environment) throws DotEnv.Malformed {
        Map<String, String> values = new TreeMap<>();
        DotEnv.parse(text, environment).entries().forEach((name, entry) -> values.put(name, entry.value()));
        return values;
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void readsWhatComposeReads(JsonObject sample) throws Exception {
        String text = sample.getString("text").replaceFirst("^\ufeff", ""); // taken off where files are decoded
        Map<String, String> environment = strings(sample.getJsonObject("environment", new JsonObject()));
        if (sample.getBoolean("refused", false)) {
            assertThrows(DotEnv.Malformed.class, () -> read(text, environment));
        } else {
            assertEquals(
                    new TreeMap<>(strings(sample.getJsonObject("read", new JsonObject()))), read(text, environment));
        }
    }

    @Test
    void theCorpusIsNotSmall() {
        assertTrue(corpus().count() >= 60);
    }

    @Test
    void namesTheLineOfWhatItCannotRead() {
        DotEnv.Malformed malformed =
                assertThrows(DotEnv.Malformed.class, () -> read("# one\nA='two\nthree'\n\nB=\"five", Map.of()));
        assertEquals(5, malformed.line());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A='SECRET",
                "A=${SECRET",
                "A=x${SECRET B}",
                "A=SECRET${B:?SECRET}",
                "SECRET SECRET",
                "A='x' SECRET!"
            })
    void showsNoValueWhenItCannotRead(String text) {
        DotEnv.Malformed malformed =
                assertThrows(DotEnv.Malformed.class, () -> read(text.replace("SECRET", "hush"), Map.of()));
        assertFalse(malformed.getMessage().contains("hush"), malformed.getMessage());
    }

    /** Half of a password that holds a dollar sign is a wrong password, which nobody would look for here. */
    @Test
    void notesAVariableThatIsNotSetWithoutShowingTheValue() throws Exception {
        List<String> notes =
                DotEnv.parse("A=1\nMINIO_SECRET_KEY=pa$sword\n", Map.of()).notes();
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).startsWith("line 2: the value of MINIO_SECRET_KEY"), notes.get(0));
        assertFalse(notes.get(0).contains("sword"), notes.get(0));
        assertEquals(List.of(), DotEnv.parse("A=${B:-}$$c", Map.of()).notes());
    }
}
