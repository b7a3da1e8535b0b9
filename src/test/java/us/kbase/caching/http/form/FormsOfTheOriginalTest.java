package us.kbase.caching.http.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/**
 * What the original service made of each form ({@code src/test/oracle/forms.py}), and that ours is the same, or a difference of a
 * kind that ADR 51 gives a reason for.
 */
class FormsOfTheOriginalTest {

    private static final int SHORT_BYTES = 2000;

    private final Map<String, String> differences = differences();

    private static List<String> lines(String resource) {
        try (var lines = new BufferedReader(
                new InputStreamReader(FormsOfTheOriginalTest.class.getResourceAsStream(resource), UTF_8))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Stream<JsonObject> corpus() {
        return lines("/vectors/forms.jsonl").stream().map(JsonObject::new);
    }

    /** The kind of difference by the form's name. */
    private static Map<String, String> differences() {
        return lines("/vectors/forms-differences.tsv").stream()
                .map(line -> line.split("\t"))
                .collect(toMap(line -> line[1], line -> line[0]));
    }

    @TestFactory
    Stream<DynamicTest> everyFormIsReadAsTheOriginalDidOrDiffersForAReason() {
        return corpus().map(vector -> DynamicTest.dynamicTest(vector.getString("form"), () -> check(vector)));
    }

    private void check(JsonObject vector) {
        String ours = read(vector);
        if (differences.containsKey(vector.getString("form"))) {
            assertNotEquals(original(vector), ours, "no longer a difference");
        } else {
            assertEquals(original(vector), ours);
        }
    }

    @Test
    void everyDifferenceIsOfAFormAndOfAKindThatHasAReason() throws IOException {
        TreeSet<String> unknown = new TreeSet<>(differences.keySet());
        corpus().map(vector -> vector.getString("form")).forEach(unknown::remove);
        assertTrue(unknown.isEmpty(), "not in the corpus: " + unknown);
        TreeSet<String> kinds = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("docs/adr/0051-forms-as-the-original-took-them.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| Kind |")) {
                kinds.add(line.substring(2, line.indexOf(" |", 2)));
            }
        }
        assertEquals(kinds, new TreeSet<>(differences.values()));
    }

    private static String original(JsonObject vector) {
        return vector.containsKey("filename")
                ? told(vector.getString("filename"), vector.getString("stored"), vector.getString("sha256"))
                : vector.containsKey("refused") ? "refused: " + vector.getString("refused") : "error";
    }

    private static String told(String filename, String stored, String digest) {
        return "'" + filename + "' stored as '" + stored + "', " + digest;
    }

    private static String read(JsonObject vector) {
        Buffer body = Buffer.buffer(vector.getString("body").getBytes(ISO_8859_1));
        String read = read(vector.getString("type"), body, 4096);
        if (body.length() < SHORT_BYTES) {
            assertEquals(read, read(vector.getString("type"), body, 1), "in single bytes");
        }
        return read;
    }

    private static String read(String type, Buffer body, int chunkBytes) {
        return FileForm.boundary(type)
                .map(boundary -> Await.result(Forms.read(ScriptedSource.of(body, chunkBytes), boundary)
                        .map(read -> told(read.filename(), SecureFilename.of(read.filename()), digest(read.bytes())))
                        .recover(cause -> cause instanceof Failure.BadInput refused
                                ? Future.succeededFuture("refused: " + refused.getMessage())
                                : Future.failedFuture(cause))))
                .orElse("refused: File field missing");
    }

    private static String digest(Buffer bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
