package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;

/** File, {@code .env} and environment: which counts, and what is said of what is wrong. */
class ConfigLoaderTest {

    private static final String SECRET = "s3cr3t-of-the-test";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("caching.yaml"), text);
    }

    private void dotEnv(String text) throws IOException {
        Files.writeString(folder.resolve(".env"), text);
    }

    private GatewayConfig load() throws ConfigException {
        return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                .config();
    }

    private GatewayConfig load(String text) throws ConfigException, IOException {
        return ConfigLoader.load(Optional.of(yaml(text)), folder.resolve(".env"), environment)
                .config();
    }

    private List<String> problems(String text) {
        return assertThrows(ConfigException.class, () -> load(text)).problems();
    }

    private List<String> problems() {
        return assertThrows(ConfigException.class, this::load).problems();
    }

    private S3Connection s3(GatewayConfig config) {
        return assertInstanceOf(GatewayConfig.Store.S3.class, config.store()).connection();
    }

    @Nested
    class WithoutAnyConfiguration {

        @Test
        void servesTheFolderDataOnLoopback() throws Exception {
            GatewayConfig config = load();
            assertEquals("127.0.0.1", config.http().host());
            assertEquals(5000, config.http().port());
            assertEquals(new GatewayConfig.Store.Disk(Path.of("data"), true), config.store());
            assertEquals(Optional.empty(), config.auth().url());
            assertEquals(Duration.ofMinutes(5), config.auth().cacheMax());
            assertEquals(1L << 40, config.limits().uploadBytesMax());
        }

        @Test
        void anEmptyFileIsWellToo() throws Exception {
            assertEquals(load(), load(""));
            assertEquals(load(), load("# nothing\nhttp:\nstore:\n  s3:\n"));
        }
    }

    @Nested
    class TheEnvironment {

        @Test
        void winsOverTheDotEnvFileWhichWinsOverTheFile() throws Exception {
            String file = "http:\n  port: 1001\n";
            assertEquals(1001, load(file).http().port());
            dotEnv("CACHING_HTTP_PORT=1002\n");
            assertEquals(1002, load(file).http().port());
            environment.put("CACHING_HTTP_PORT", "1003");
            assertEquals(1003, load(file).http().port());
        }

        /** The launcher and the log, which read them, do not look there. */
        @Test
        void aloneCarriesWhatNoConfigurationIsKnownFor() throws Exception {
            dotEnv("CACHING_HTTP_PORT=1002\nCACHING_LOG=json\nCACHING_HEAP=300m\n");
            environment.put("CACHING_HEAP", "300m");
            assertEquals(
                    List.of(folder.resolve(".env")
                            + ", line 2: CACHING_LOG has no effect here: set it in the environment."),
                    ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                            .notes());
        }

        @ParameterizedTest
        @CsvSource({
            "http://auth.example.org/auth, true",
            "HTTP://10.1.2.3:5000, true",
            "http://[2001:db8::7]:5000, true",
            "http://localhost.example.org, true",
            "https://auth.example.org/auth, false",
            "http://auth:5000, false",
            "http://localhost:5000, false",
            "http://127.0.0.1:5000, false",
            "http://[::1]:5000, false"
        })
        void saysThatTokensCanBeReadOnTheirWay(String url, boolean said) throws Exception {
            environment.put("CACHING_AUTH_URL", url);
            assertEquals(
                    said,
                    ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment).notes().stream()
                            .anyMatch(note -> note.startsWith("auth.url begins with http://")));
        }

        @Test
        void hidesNothingWithANameThatIsEmpty() throws Exception {
            environment.put("CACHING_HTTP_PORT", "");
            environment.put("CACHING_HTTP_PORT_FILE", "");
            assertEquals(1001, load("http:\n  port: 1001\n").http().port());
        }

        @Test
        void mayNameAFileThatHoldsTheValue() throws Exception {
            Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
            environment.put("CACHING_STORE_TYPE", "s3");
            environment.put("CACHING_STORE_S3_SECRET_KEY_FILE", file.toString());
            assertEquals(new Secret(SECRET), s3(load()).secretKey());
        }

        @Test
        void thatNamesAFileWhichIsNotThereIsToldOnce() {
            environment.put("CACHING_STORE_TYPE", "s3");
            environment.put(
                    "CACHING_STORE_S3_SECRET_KEY_FILE",
                    folder.resolve("nowhere").toString());
            assertEquals(
                    List.of("CACHING_STORE_S3_SECRET_KEY_FILE: the file " + folder.resolve("nowhere")
                            + " does not exist: make it, or correct the path."),
                    problems());
        }

        @Test
        void thatSaysAValueTwiceIsAsked() {
            environment.put("CACHING_HTTP_PORT", "1");
            environment.put("CACHING_HTTP_PORT_FILE", folder.resolve("port").toString());
            assertEquals(
                    List.of("CACHING_HTTP_PORT_FILE: CACHING_HTTP_PORT is set too: take one of both away."),
                    problems());
        }

        @Test
        void thatIsEmptyHidesNothingOfTheDotEnvFileEither() throws Exception {
            environment.put("CACHING_HTTP_PORT", " ");
            dotEnv("CACHING_HTTP_PORT=1002\n");
            assertEquals(1002, load().http().port());
        }

        @Test
        void holdsListsAndMappingsToo() throws Exception {
            environment.put("CACHING_AUTH_TOKENS", "one:alice, t:w:o:bob");
            environment.put("CACHING_AUTH_ADMIN_USERS", "alice,bob");
            environment.put("CACHING_CLUSTER_MEMBERS", "10.0.0.1,[::1]:5702");
            GatewayConfig config = load();
            assertEquals(
                    Map.of(new Secret("one"), "alice", new Secret("t:w:o"), "bob"),
                    config.auth().userByToken());
            assertEquals(Set.of("alice", "bob"), config.auth().adminUsers());
        }

        @Test
        void mayNameAFileOfTokens() throws Exception {
            Path file = Files.writeString(folder.resolve("tokens"), "one: alice\r\ntwo: bob\r\n");
            environment.put("CACHING_AUTH_TOKENS_FILE", file.toString());
            assertEquals(
                    Map.of(new Secret("one"), "alice", new Secret("two"), "bob"),
                    load().auth().userByToken());
        }

        @Test
        void ofTheDotEnvFileIsReadAsShellsAndComposeWriteIt() throws Exception {
            dotEnv(
                    "# a comment\n\nexport CACHING_HTTP_HOST='0.0.0.0'\nCACHING_HTTP_PORT = \"1002\" # a comment\nKBASE_AUTH_URL=http://a/b=c\n");
            GatewayConfig config = load();
            assertEquals("0.0.0.0", config.http().host());
            assertEquals(1002, config.http().port());
            assertEquals(Optional.of(URI.create("http://a/b=c")), config.auth().url());
        }
    }

    @Nested
    class TheOriginalsNames {

        @Test
        void areTaken() throws Exception {
            environment.putAll(Map.of(
                    "MINIO_HOST", "minio.example:9000",
                    "MINIO_BUCKET_NAME", "results",
                    "MINIO_ACCESS_KEY", "access",
                    "MINIO_SECRET_KEY", SECRET,
                    "KBASE_AUTH_URL", "http://auth:5000",
                    "WORKERS", "3",
                    "SECRET_KEY", "for cookies that there are none of"));
            GatewayConfig config = load();
            assertEquals(URI.create("http://minio.example:9000"), s3(config).endpoint());
            assertEquals("results", s3(config).bucket());
            assertEquals("access", s3(config).accessKey());
            assertEquals(new Secret(SECRET), s3(config).secretKey());
            assertEquals(
                    Optional.of(URI.create("http://auth:5000")), config.auth().url());
            assertEquals(3, config.http().loops());
        }

        @Test
        void haveTheOriginalsDefaultsBesideThem() throws Exception {
            environment.put("MINIO_SECRET_KEY", SECRET);
            S3Connection s3 = s3(load());
            assertEquals(URI.create("http://minio:9000"), s3.endpoint());
            assertEquals("kbase-cache", s3.bucket());
            assertEquals("minio", s3.accessKey());
        }

        @Test
        void ofMinioChooseS3EitherAlone() throws Exception {
            environment.put("MINIO_SECRET_KEY", SECRET);
            s3(load());
            environment.clear();
            environment.put("MINIO_HOST", "minio:9000");
            assertEquals(
                    List.of(
                            "CACHING_STORE_S3_SECRET_KEY: store.s3.secret-key is missing: set it (or MINIO_SECRET_KEY, or …_FILE) to the S3 secret key."),
                    problems());
        }

        /** Results kept in a folder of a container instead of the bucket would be lost with it. */
        @Test
        void chooseS3AlsoWhenOneOfThemIsPassedOnEmpty() throws Exception {
            environment.put("MINIO_HOST", "");
            environment.put("MINIO_SECRET_KEY", SECRET);
            s3(load());
        }

        @Test
        void chooseNothingWhenAllAreEmpty() throws Exception {
            environment.put("MINIO_HOST", "");
            environment.put("MINIO_SECRET_KEY", "");
            assertInstanceOf(GatewayConfig.Store.Disk.class, load().store());
        }

        @Test
        void giveWayToOurOwn() throws Exception {
            environment.putAll(Map.of(
                    "MINIO_HOST",
                    "minio:9000",
                    "MINIO_SECRET_KEY",
                    SECRET,
                    "CACHING_STORE_S3_ENDPOINT",
                    "https://s3:1"));
            assertEquals(URI.create("https://s3:1"), s3(load()).endpoint());
            environment.put("CACHING_STORE_TYPE", "disk");
            assertInstanceOf(GatewayConfig.Store.Disk.class, load().store());
        }

        @ParameterizedTest
        @CsvSource({"true, https", "True, https", "1, https", "yes, https", "false, http", "0, http", "'', http"})
        void ofMinioSecureMeanWhatTheySay(String secure, String scheme) throws Exception {
            environment.putAll(Map.of("MINIO_HOST", "m:9000", "MINIO_SECRET_KEY", SECRET, "MINIO_SECURE", secure));
            assertEquals(URI.create(scheme + "://m:9000"), s3(load()).endpoint());
        }

        /** The URL is part of every cache id: a slash more is another id. */
        @ParameterizedTest
        @ValueSource(strings = {"http://auth:5000", "http://auth:5000/", "https://kbase.us/services/auth"})
        void ofTheAuthServerAreKeptToTheLetter(String url) throws Exception {
            environment.put("KBASE_AUTH_URL", url);
            assertEquals(url, load().auth().url().orElseThrow().toString());
        }
    }

    @Nested
    class WhatIsWrong {

        @Test
        void isToldAllInOneGoWithFileAndLine() {
            environment.put("WORKERS", "none");
            List<String> told = problems("""
                    http:
                      port: 70000
                      prot: 80
                    store:
                      type: tape
                      disk:
                        fsync: perhaps
                      s3:
                        bucket: No_Bucket
                        endpoint: ftp://minio
                    limits:
                      s3-connections: [1, 2]
                    """);
            String file = folder.resolve("caching.yaml") + ":";
            assertEquals(
                    Set.of(
                            file + "2: http.port must be a whole number from 0 to 65535, not '70000'.",
                            file + "3: http.prot is not a key of this program; did you mean http.port?",
                            "WORKERS: http.loops must be a whole number from 1 to 256, not 'none'.",
                            file + "5: store.type must be disk or s3, not 'tape'.",
                            file + "7: store.disk.fsync must be true or false, not 'perhaps'.",
                            file
                                    + "9: store.s3.bucket must be a bucket name (3 to 63 of a-z, 0-9, '.', '-'), not 'No_Bucket'.",
                            file
                                    + "10: store.s3.endpoint must be an http or https URL, not 'ftp://minio': begin it with http:// or https://.",
                            file + "12: limits.s3-connections must be a single value, not a list."),
                    Set.copyOf(told));
            assertEquals(8, told.size(), told.toString());
        }

        @ParameterizedTest
        @CsvSource({
            "http.port, -1",
            "http.port, 5e3",
            "http.loops, 0",
            "auth.cache-seconds, 99999999",
            "limits.upload-bytes-max, 0",
            "limits.upload-bytes-max, 99999999999999999999",
            "auth.url, auth:5000",
            "auth.url, http://",
            "auth.url, 'http://a b'",
            "store.s3.path-style, maybe",
        })
        void isAValueThatCannotBeMeant(String key, String value) {
            String name = environmentName(key);
            environment.put(name, value);
            List<String> told = problems();
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.get(0).startsWith(name + ": " + key + " "), told.get(0));
        }

        private static String environmentName(String key) {
            return Keys.ALL.stream()
                    .filter(known -> known.name().equals(key))
                    .findFirst()
                    .orElseThrow()
                    .environmentName();
        }

        @Test
        void isYamlThatIsNone() {
            String file = folder.resolve("caching.yaml").toString();
            assertTrue(problems("http:\n  port: 'open\n").get(0).startsWith(file + ":"));
            assertEquals(
                    List.of("The configuration file " + file
                            + " is no UTF-8 text (it holds NUL bytes): save it as UTF-8."),
                    problems("http:\n  host: a\u0000b\n"));
        }

        @Test
        void isAFileThatCannotBeRead() throws IOException {
            Path missing = folder.resolve("missing.yaml");
            var failure = assertThrows(
                    ConfigException.class,
                    () -> ConfigLoader.load(Optional.of(missing), folder.resolve(".env"), Map.of()));
            assertEquals(
                    List.of("The configuration file " + missing + " does not exist: make it, or correct the path."),
                    failure.problems());
        }
    }

    @Nested
    class Secrets {

        @Test
        void areInNoTextOfTheConfiguration() throws Exception {
            environment.put("MINIO_SECRET_KEY", SECRET);
            environment.put("CACHING_STORE_S3_SESSION_TOKEN", SECRET);
            GatewayConfig config = load("auth:\n  tokens:\n    " + SECRET + ": alice\n");
            assertEquals(Map.of(new Secret(SECRET), "alice"), config.auth().userByToken());
            assertFalse(config.toString().contains(SECRET), config.toString());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "auth:\n  tokens:\n    SECRET: [alice]\n",
                    "auth:\n  tokens:\n    SECRET:\n    - alice\n",
                    "auth:\n  token:\n    SECRET: alice\n",
                    "auth:\n  token:\n    begin.SECRET: alice\n",
                    "store:\n  s3:\n    secret: SECRET\n",
                    "store:\n  s3:\n    secret-key: [SECRET]\n",
                    "store:\n  s3:\n    secret-key: *SECRET\n",
                    "store:\n  s3:\n    secret-key: 'SECRET\n",
                    "store:\n  s3:\n    secret-key: SECRET\n   x\n",
                    "store:\n  s3:\n    endpoint: ftp://user:SECRET@minio\n",
                })
        void areInNoProblemThatIsTold(String text) {
            List<String> told = problems(text.replace("SECRET", SECRET));
            assertEquals(
                    List.of(),
                    told.stream().filter(problem -> problem.contains(SECRET)).toList());
        }
    }

    @Test
    void tokensMayHoldDots() throws Exception {
        assertEquals(
                Map.of(new Secret("a.b-c"), "alice", new Secret("d"), "bob"),
                load("auth:\n  tokens:\n    a.b-c: alice\n    d: bob\n").auth().userByToken());
    }

    @Nested
    class Metrics {

        private GatewayConfig.Metrics metrics(String text) throws ConfigException, IOException {
            return load(text).metrics().orElseThrow();
        }

        @Test
        void areOnTheUsualPortOfThisMachineWhichMayBeAnother() throws ConfigException {
            GatewayConfig.Metrics metrics = load().metrics().orElseThrow();
            assertEquals(new GatewayConfig.Metrics.Port.Usual(5001), metrics.port());
            assertEquals("127.0.0.1", metrics.host());
        }

        @Test
        void areOnThePortThatIsAskedFor() throws ConfigException, IOException {
            assertEquals(
                    new GatewayConfig.Metrics.Port.Named(5001),
                    metrics("metrics: {port: 5001}").port());
        }

        @ParameterizedTest
        @ValueSource(strings = {"off", "false"})
        void canBeOff(String port) throws ConfigException, IOException {
            assertEquals(Optional.empty(), load("metrics: {port: " + port + "}").metrics());
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "65536", "none", "50O1"})
        void areOnNoOddPort(String port) {
            List<String> problems = problems("metrics: {port: '" + port + "'}");
            assertEquals(1, problems.size());
            assertTrue(problems.get(0).contains("metrics.port must be a whole number"), problems.get(0));
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
        void needNoTokenWhereOnlyThisMachineConnects(String host) throws ConfigException, IOException {
            assertEquals(host, metrics("metrics: {host: '" + host + "'}").host());
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "metrics.example", "127.example"})
        void needATokenWhereOthersConnect(String host) throws ConfigException, IOException {
            List<String> problems = problems("metrics: {host: '" + host + "'}");
            assertEquals(1, problems.size());
            assertTrue(problems.get(0).contains("set metrics.token"), problems.get(0));
            assertEquals(
                    host,
                    metrics("metrics: {host: '" + host + "', token: sixteen-letters-x}")
                            .host());
        }

        @Test
        void haveATokenThatNobodyGuesses() {
            assertEquals(1, problems("metrics: {token: short}").size());
        }

        @Test
        void doNotShowTheirToken() throws ConfigException, IOException {
            assertFalse(load("metrics: {token: sixteen-letters-x}").toString().contains("sixteen"));
        }
    }
}
