package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that people read of keys is written from their table. {@code mvn test -Dtest=KeyTableTest -Dkeys.write=true} writes it again after
 * a change.
 */
class KeyTableTest {

    private static final Path SAMPLE = Path.of("conf/caching-service.yaml");
    private static final Path DOCUMENT = Path.of("docs/configuration.md");
    private static final String BEGIN = "<!-- The table of keys, written from Keys.java by KeyTableTest -->\n";
    private static final String END = "<!-- end of the table -->\n";

    @TempDir
    Path folder;

    private static void assertWritten(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("keys.write")) {
            Files.writeString(file, expected);
        }
        assertEquals(expected, Files.readString(file), file + " differs; see this test's comment");
    }

    @Test
    void theSampleFileIsTheTable() throws IOException {
        assertWritten(SAMPLE, SampleFile.text());
    }

    @Test
    void theDocumentHoldsTheTable() throws IOException {
        String document = Files.readString(DOCUMENT);
        String before = document.substring(0, document.indexOf(BEGIN) + BEGIN.length());
        assertWritten(DOCUMENT, before + table() + document.substring(document.indexOf(END)));
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| Key | Default | Values | Meaning |\n|---|---|---|---|\n");
        for (Key<?> key : Keys.ALL) {
            String range = key.kind().range();
            String values = (range.isEmpty()
                            ? key.kind().expected()
                            : range + " " + key.kind().unit())
                    .strip();
            table.append("| `%s`<br>`%s` | %s | %s%s | %s |%n"
                    .formatted(
                            key.name(),
                            key.environmentName(),
                            key.byDefault().documented(),
                            values,
                            key.kind().secret() ? "; secret" : "",
                            key.says().replace("<", "&lt;")));
        }
        return table.toString();
    }

    private LoadedConfig load(Path file) throws ConfigException {
        return ConfigLoader.load(Optional.of(file), folder.resolve(".env"), Map.of());
    }

    @Test
    void theSampleFileMeansTheDefaultsAsItIs() throws Exception {
        LoadedConfig nothing = ConfigLoader.load(Optional.empty(), folder.resolve(".env"), Map.of());
        assertEquals(nothing.config(), load(SAMPLE).config());
    }

    /** A sample that is uncommented must not be refused, and a default must not change. */
    @Test
    void theSampleFileMeansTheDefaultsUncommentedToo() throws Exception {
        String uncommented = SampleFile.text().replaceAll("(?m)^( +)#([a-z0-9-]+:)", "$1$2");
        Map<String, String> shown = shown(load(Files.writeString(folder.resolve("all.yaml"), uncommented)));
        Map<String, String> defaults = shown(load(SAMPLE));
        for (Key<?> key : Keys.ALL) {
            boolean isDefault = key.byDefault().sample().equals(key.byDefault().documented());
            assertTrue(
                    !isDefault || shown.get(key.name()).equals(defaults.get(key.name())),
                    key.name() + " is " + shown.get(key.name()) + ", not " + defaults.get(key.name()));
        }
        assertEquals("https://kbase.us/services/auth", shown.get("auth.url"));
    }

    private static Map<String, String> shown(LoadedConfig loaded) {
        return loaded.keys().stream()
                .collect(Collectors.toMap(LoadedConfig.Effective::key, LoadedConfig.Effective::shown));
    }

    @Test
    void everyKeyHasANameAnEnvironmentNameAndAMeaningOfItsOwn() {
        Set<String> names = new LinkedHashSet<>();
        for (Key<?> key : Keys.ALL) {
            assertTrue(names.add(key.name()), key.name());
            assertTrue(names.add(key.environmentName()), key.environmentName());
            assertTrue(key.says().endsWith("."), key.name());
            assertTrue(key.name().matches("[a-z0-9-]+(\\.[a-z0-9-]+)+"), key.name());
        }
    }

    /** What stands in a field of {@link Keys} and not in the list would be read and not documented. */
    @Test
    void everyKeyIsListed() {
        List<String> fields = new ArrayList<>();
        for (Class<?> table : List.of(Keys.class, StoreKeys.class, TlsKeys.class, TracingKeys.class)) {
            for (var field : table.getDeclaredFields()) {
                if (field.getType() == Key.class) {
                    fields.add(field.getName());
                }
            }
        }
        assertEquals(fields.size(), Keys.ALL.size());
    }

    @Test
    void whatIsInEffectIsShownOfEveryKeyWithItsPlace() throws Exception {
        LoadedConfig loaded = ConfigLoader.load(
                Optional.of(Files.writeString(folder.resolve("c.yaml"), "http:\n  port: 1001\n")),
                Files.writeString(folder.resolve(".env"), "# local\nCACHING_HTTP_LOOPS=3\n"),
                Map.of("MINIO_SECRET_KEY", "hush-hush", "MINIO_HOST", "m:1"));
        assertEquals(
                Keys.ALL.stream().map(Key::name).toList(),
                loaded.keys().stream().map(LoadedConfig.Effective::key).toList());
        Map<String, LoadedConfig.Effective> keys =
                loaded.keys().stream().collect(Collectors.toMap(LoadedConfig.Effective::key, key -> key));
        assertEquals(folder.resolve("c.yaml") + ":2", keys.get("http.port").origin());
        assertEquals(
                folder.resolve(".env") + ":2: CACHING_HTTP_LOOPS",
                keys.get("http.loops").origin());
        assertEquals("MINIO_HOST", keys.get("store.s3.endpoint").origin());
        assertEquals("MINIO_HOST", keys.get("store.type").origin());
        assertEquals("s3", keys.get("store.type").shown());
        assertEquals("(set)", keys.get("store.s3.secret-key").shown());
        assertEquals("", keys.get("http.host").origin());
        assertEquals(
                List.of(
                        folder.resolve("c.yaml").toString(),
                        folder.resolve(".env").toString()),
                loaded.sources());
    }
}
