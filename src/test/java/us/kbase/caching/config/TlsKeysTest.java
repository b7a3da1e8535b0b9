package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.tls.PemFile;
import us.kbase.caching.tls.TlsFiles;

/** Files of TLS in the configuration: what is wrong with them is one sentence with a remedy. */
class TlsKeysTest {

    private static final String CERTIFICATE = "CACHING_HTTP_TLS_CERTIFICATE";
    private static final String KEY = "CACHING_HTTP_TLS_KEY";
    private static final String CLIENT_CA = "CACHING_HTTP_TLS_CLIENT_CA";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private TlsFiles pair;

    @BeforeEach
    void pair() {
        TestCertificates ca = new TestCertificates(folder, "ca");
        pair = ca.signed("server");
        ca.signed("other");
        environment.put(CERTIFICATE, pair.certificate().toString());
        environment.put(KEY, pair.key().toString());
    }

    private GatewayConfig load() throws ConfigException {
        return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                .config();
    }

    private String problem() {
        List<String> problems = assertThrows(ConfigException.class, this::load).problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.getFirst();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aPairThatBelongsTogetherIsTaken() throws ConfigException {
        assertEquals(Optional.of(pair), load().http().tls());
    }

    @Test
    void withoutFilesConnectionsArePlain() throws ConfigException {
        environment.clear();
        assertEquals(Optional.empty(), load().http().tls());
    }

    @ParameterizedTest
    @CsvSource({
        "CACHING_HTTP_TLS_CERTIFICATE, http.tls.certificate is missing",
        "CACHING_HTTP_TLS_KEY, http.tls.key is missing"
    })
    void oneOfTheTwoIsNotEnough(String missing, String said) {
        environment.remove(missing);
        assertTrue(problem().contains(said), problem());
    }

    @Test
    void aCaOfClientsAloneIsNotEnough() {
        environment.clear();
        environment.put(CLIENT_CA, folder.resolve("ca.pem").toString());
        assertTrue(problem().contains("http.tls.certificate is missing"), problem());
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() {
        environment.put(KEY, folder.resolve("other-key.pem").toString());
        assertTrue(problem().contains("http.tls.key does not belong to the certificate: "), problem());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CACHING_HTTP_TLS_CERTIFICATE | nowhere.pem    | does not exist: make it, or correct the path",
                "CACHING_HTTP_TLS_CERTIFICATE | server-key.pem | holds no '-----BEGIN CERTIFICATE-----'",
                "CACHING_HTTP_TLS_KEY         | server.pem     | holds no '-----BEGIN PRIVATE KEY-----'",
                "CACHING_HTTP_TLS_KEY         | passphrase.pem | is protected by a passphrase",
                "CACHING_HTTP_TLS_KEY         | damaged.pem    | holds a key that is damaged",
                "CACHING_HTTP_TLS_CLIENT_CA   | empty.pem      | is empty: copy the certificate of the clients' CA into it"
            })
    void aFileThatCannotBeUsedIsOneSentence(String variable, String file, String said) throws IOException {
        write("empty.pem", "");
        write("damaged.pem", TestCertificates.pem("PRIVATE KEY", new byte[40]));
        write("passphrase.pem", TestCertificates.pem("ENCRYPTED PRIVATE KEY", new byte[40]));
        environment.put(variable, folder.resolve(file).toString());
        assertTrue(problem().contains(said), problem());
    }

    /** As OpenSSL and cert-manager write keys by default. */
    @ParameterizedTest
    @CsvSource({"RSA, RSA PRIVATE KEY", "EC, EC PRIVATE KEY", "RSA, PRIVATE KEY", "Ed25519, PRIVATE KEY"})
    void keysOfAllUsualFormsAreRead(String algorithm, String label) throws IOException, GeneralSecurityException {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        byte[] der = label.equals("PRIVATE KEY")
                ? key.getEncoded()
                : PrivateKeyInfo.getInstance(key.getEncoded())
                        .parsePrivateKey()
                        .toASN1Primitive()
                        .getEncoded();
        if (label.startsWith("EC")) {
            der = withCurve(key);
        }
        write("key.pem", "a comment\n" + TestCertificates.pem(label, der));
        assertEquals(number(key), number(PemFile.privateKey(folder.resolve("key.pem"))));
    }

    /** Of an elliptic curve a key's other members may be left out. */
    private static Object number(PrivateKey key) {
        return key instanceof ECPrivateKey curve ? curve.getS() : key;
    }

    /** PKCS#8 names the curve outside of the key, SEC1 inside. */
    private static byte[] withCurve(PrivateKey key) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        var bare = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                        ((ECKey) key).getParams().getOrder().bitLength(),
                        bare.getKey(),
                        info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, false", "0.0.0.0, true"})
    void metricsAreSecuredWhereOtherMachinesReachThem(String host, boolean secured) throws ConfigException {
        environment.put("CACHING_METRICS_HOST", host);
        environment.put("CACHING_METRICS_TOKEN", "sixteen-letters-x");
        assertEquals(secured, load().metrics().orElseThrow().secured());
    }

    @Test
    void metricsAreNotSecuredWithoutACertificate() {
        environment.clear();
        environment.put("CACHING_METRICS_TLS", "true");
        assertTrue(problem().contains("metrics.tls needs a certificate"), problem());
    }
}
