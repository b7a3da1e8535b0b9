package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every text file that is read, as editors, shells and accidents leave it. */
class TextFilesTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private LoadedConfig load() throws ConfigException {
        return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment);
    }

    private String problem() {
        List<String> problems = assertThrows(ConfigException.class, this::load).problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    private Path write(String name, String text, String charset) throws IOException {
        return Files.write(folder.resolve(name), text.getBytes(Charset.forName(charset)));
    }

    @ParameterizedTest
    @CsvSource({"'', UTF-8", "'\ufeff', UTF-8", "'\ufeff', UTF-16LE", "'\ufeff', UTF-16BE"})
    void aSecretsFileHoldsTheSecretAlone(String mark, String charset) throws Exception {
        for (String end : List.of("", "\n", "\r\n", " \n\n", "\t")) {
            Path file = write("secret", mark + SECRET + end, charset);
            environment.put("CACHING_METRICS_TOKEN_FILE", file.toString());
            assertEquals(
                    SECRET,
                    load().config()
                            .metrics()
                            .orElseThrow()
                            .token()
                            .orElseThrow()
                            .reveal());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', UTF-8", "'\ufeff', UTF-8", "'\ufeff', UTF-16LE", "'\ufeff', UTF-16BE"})
    void aDotEnvFileIsReadInEveryEncoding(String mark, String charset) throws Exception {
        write(
                ".env",
                mark + "CACHING_HTTP_PORT=1001\r\n# f\u00fcr uns\r\nCACHING_CLUSTER_NAME=m\u00fcller\r\n",
                charset);
        assertEquals(1001, load().config().http().port());
    }

    @Test
    void aDotEnvFileMayHoldACommentInAnotherEncodingAndNoSuchValue() throws Exception {
        write(".env", "# f\u00fcr uns\nCACHING_HTTP_PORT=1001 # f\u00fcr uns\nOTHERS=m\u00fcller\n", "ISO-8859-1");
        assertEquals(1001, load().config().http().port());
        write(".env", "CACHING_CLUSTER_NAME=m\u00fcller\n", "ISO-8859-1");
        assertEquals(
                folder.resolve(".env")
                        + ":1: CACHING_CLUSTER_NAME: cluster.name holds bytes that are not UTF-8: save the file as UTF-8.",
                problem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32BE"})
    void aTextWithoutAMarkThatIsNoUtf8IsRefusedByName(String charset) throws Exception {
        write(".env", "CACHING_HTTP_PORT=1001\n", charset);
        assertEquals(
                "The file " + folder.resolve(".env") + " is no UTF-8 text (it holds NUL bytes): save it as UTF-8.",
                problem());
    }

    @Test
    void aSecretsFileThatIsEmptyAFolderMissingOrOfTwoLinesIsNamedWithARemedy() throws Exception {
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put(
                "CACHING_STORE_S3_SECRET_KEY_FILE",
                write("secret", " \n", "UTF-8").toString());
        assertTrue(problem().endsWith("secret is empty: write the value into it."), problem());
        environment.put("CACHING_STORE_S3_SECRET_KEY_FILE", folder.toString());
        assertTrue(problem().endsWith(folder + " is a folder: name the file itself."), problem());
        environment.put(
                "CACHING_STORE_S3_SECRET_KEY_FILE", folder.resolve("nowhere").toString());
        assertTrue(problem().endsWith("nowhere does not exist: make it, or correct the path."), problem());
        environment.put(
                "CACHING_STORE_S3_SECRET_KEY_FILE",
                write("secret", "one\ntwo\n", "UTF-8").toString());
        assertTrue(problem().contains("store.s3.secret-key holds a line break"), problem());
        environment.put(
                "CACHING_STORE_S3_SECRET_KEY_FILE",
                write("secret", "m\u00fcller", "ISO-8859-1").toString());
        assertTrue(problem().contains("store.s3.secret-key holds bytes that are not UTF-8"), problem());
    }

    private static String certificate() throws IOException {
        try (var pem = TextFilesTest.class.getResourceAsStream("ca.pem")) {
            return new String(pem.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String ca(Path file) {
        environment.put("CACHING_STORE_S3_CA_FILE", file.toString());
        return problem();
    }

    @ParameterizedTest
    @CsvSource({"'', UTF-8", "'\ufeff', UTF-8", "'\ufeff', UTF-16LE"})
    void aCaFileIsReadInEveryEncoding(String mark, String charset) throws Exception {
        String pem = mark + "# our CA\r\n" + certificate().replace("\n", "\r\n");
        environment.put(
                "CACHING_STORE_S3_CA_FILE", write("ca.pem", pem, charset).toString());
        environment.put("MINIO_SECRET_KEY", "secret");
        GatewayConfig.Store.S3 s3 = (GatewayConfig.Store.S3) load().config().store();
        assertTrue(s3.connection().caFile().orElseThrow().pem().startsWith("-----BEGIN CERTIFICATE-----"));
    }

    @Test
    void aCaFileThatIsNoneIsNamedWithARemedy() throws Exception {
        assertTrue(ca(folder).contains("store.s3.ca-file cannot be used: " + folder + " is a folder"), ca(folder));
        assertTrue(ca(folder.resolve("nowhere")).contains("nowhere does not exist"));
        assertTrue(ca(write("ca.pem", "", "UTF-8")).contains("ca.pem is empty: copy the CA's certificate into it"));
        assertTrue(ca(write("ca.pem", "-----BEGIN PRIVATE KEY-----\n", "UTF-8"))
                .contains("holds no '-----BEGIN CERTIFICATE-----'"));
        String half = certificate().substring(0, 300);
        assertTrue(ca(write("ca.pem", half, "UTF-8")).contains("holds a certificate that is damaged: copy it again"));
    }
}
