package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNamesTest {

    static List<String> keys() {
        return Keys.ALL.stream().map(Key::name).toList();
    }

    /** All that is one edit away: a letter left out, doubled, changed, or swapped with the next. */
    private static Set<String> edits(String name) {
        Set<String> edits = new LinkedHashSet<>();
        for (int i = 0; i < name.length(); i++) {
            String before = name.substring(0, i);
            String behind = name.substring(i + 1);
            edits.add(before + behind);
            edits.add(before + name.charAt(i) + name.charAt(i) + behind);
            edits.add(before + "x" + behind);
            edits.add(before + "x" + name.charAt(i) + behind);
            if (!behind.isEmpty()) {
                edits.add(before + behind.charAt(0) + name.charAt(i) + behind.substring(1));
            }
        }
        edits.remove(name);
        return edits;
    }

    private static String problem(Map<String, Raw> values) {
        List<String> problems = KeyNames.unknown(values);
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyOneEditAwayIsAnErrorThatNamesTheRightOne(String key) {
        for (String edit : edits(key)) {
            if (!keys().contains(edit)) {
                String problem = problem(Map.of(edit, new Raw.Scalar("5", true, "c.yaml:7")));
                assertTrue(problem.startsWith("c.yaml:7: "), problem);
                assertTrue(problem.contains("did you mean " + key + "?"), edit + ": " + problem);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aVariableOneEditAwayIsAnErrorThatNamesTheRightOne(String key) {
        String variable = variable(key);
        for (String edit : edits(variable.toLowerCase(java.util.Locale.ROOT))) {
            String name = edit.toUpperCase(java.util.Locale.ROOT);
            boolean known =
                    Keys.ALL.stream().anyMatch(other -> other.environmentName().equals(name));
            if (!known) {
                String problem = KeyNames.unknownVariable(name, "5").orElseThrow(() -> new AssertionError(name));
                assertTrue(problem.contains("did you mean " + variable + "?"), name + ": " + problem);
            }
        }
    }

    private static String variable(String key) {
        return Keys.ALL.stream()
                .filter(known -> known.name().equals(key))
                .findFirst()
                .orElseThrow()
                .environmentName();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aVariableOfAKeyIsKnownAlsoWithItsFile(String key) {
        assertEquals(Optional.empty(), KeyNames.unknownVariable(variable(key), "5"));
        assertEquals(Optional.empty(), KeyNames.unknownVariable(variable(key) + "_FILE", "/x"));
    }

    @ParameterizedTest
    @CsvSource({
        "CACHING_HTPP_PORT, CACHING_HTTP_PORT",
        "caching_http_port, CACHING_HTTP_PORT",
        "CACHING_HTTP_PORTS, CACHING_HTTP_PORT",
        "CACHING_STORE_S3_SECRETKEY, CACHING_STORE_S3_SECRET_KEY",
        "CACHING_STORE_S3_SECRET_KEY_FIL, CACHING_STORE_S3_SECRET_KEY_FILE",
        "CACHNG_LOG_LEVEL, CACHING_LOG_LEVEL",
        "MINIO_BUCKETNAME, MINIO_BUCKET_NAME",
        "KBASE_AUTH_URI, KBASE_AUTH_URL",
    })
    void aMisspeltVariableNamesTheRightOne(String written, String meant) {
        String problem = KeyNames.unknownVariable(written, "5").orElseThrow();
        assertEquals(written + " is not a variable of this program; did you mean " + meant + "?", problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "MINIO_ROOT_USER",
                "MINIO_ROOT_PASSWORD",
                "WORKER",
                "SECRET_KEYS",
                "AUTH_URL",
                "CACHING_HEAP",
                "CACHING_LOG",
                "CACHING_SERVER",
                "CACHING_TOKEN",
                "CACHING_SERVICE_HOST",
                "CACHING_SERVICE_PORT",
                "CACHING_SERVICE_PORT_HTTP",
                "CACHING_PORT_5000_TCP_ADDR",
            })
    void aVariableOfOthersIsNoConcernOfOurs(String name) {
        assertEquals(Optional.empty(), KeyNames.unknownVariable(name, "5"));
    }

    @Test
    void aVariableByWhichAPlatformTellsOfAServiceIsPassedOver() {
        assertEquals(Optional.empty(), KeyNames.unknownVariable("CACHING_PORT", "tcp://10.0.0.1:5000"));
        assertTrue(KeyNames.unknownVariable("CACHING_PORT", "5000").isPresent());
    }

    @Test
    void aVariableThatResemblesNoneIsToldWhereToLook() {
        assertEquals(
                Optional.of("CACHING_COLOUR is not a variable of this program; see conf/caching-service.yaml."),
                KeyNames.unknownVariable("CACHING_COLOUR", "red"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auht.tokens.SECRET | auht.tokens is not a section of this program; did you mean auth.tokens?",
                "auth.token.SECRET | auth.token is not a section of this program; did you mean auth.tokens?",
                "auth.SECRET | the section auth has a key that is none of url, tokens, admin-roles",
                "SECRET.x | a section that is none of auth, cluster",
                "colour.SECRET | a section that is none of auth, cluster",
                "store.s3.colour | the section store.s3 has a key that is none of endpoint, bucket",
                "htttp | htttp is not a section of this program; did you mean http?",
            })
    void whatMayBeASecretIsNotShown(String key, String expected) {
        String secret = "correct-horse-battery";
        String problem = problem(Map.of(key.replace("SECRET", secret), new Raw.Scalar("x", true, "c.yaml:1")));
        assertTrue(problem.startsWith("c.yaml:1: " + expected), problem);
        assertFalse(problem.contains(secret), problem);
    }

    @Test
    void aSectionWithAValueIsToldWhatStandsBelowIt() {
        assertEquals(
                "c.yaml:1: store.disk is a section: its keys stand below it, indented, as store.disk.fsync.",
                problem(Map.of("store.disk", new Raw.Scalar("/data", true, "c.yaml:1"))));
    }

    @Test
    void manyKeysOfAnUnknownSectionAreToldOnceEach() {
        Map<String, Raw> values = new LinkedHashMap<>();
        values.put("auht.tokens.one", new Raw.Scalar("x", true, "c.yaml:2"));
        values.put("auht.tokens.two", new Raw.Scalar("x", true, "c.yaml:2"));
        assertEquals(1, KeyNames.unknown(values).size());
    }

    @Test
    void everyProblemOfNamesIsToldAtOnce() {
        ConfigException problems = assertThrows(
                ConfigException.class,
                () -> ConfigLoader.load(
                        Optional.empty(),
                        Path.of("/nonexistent"),
                        Map.of("CACHING_HTPP_PORT", "1", "CACHING_HTTP_HOTS", "x", "MINIO_BUCKET_NAMES", "b")));
        assertEquals(
                Set.of("CACHING_HTTP_PORT?", "CACHING_HTTP_HOST?", "MINIO_BUCKET_NAME?"),
                problems.problems().stream()
                        .map(problem -> problem.substring(problem.lastIndexOf(' ') + 1))
                        .collect(Collectors.toSet()));
    }
}
