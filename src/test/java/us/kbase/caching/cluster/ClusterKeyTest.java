package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;

class ClusterKeyTest {

    private static final String SECRET = "a secret of thirty-two characters";

    @Test
    void allHoldersOfASecretMakeOneCertificate() {
        assertEquals(
                ClusterKey.of(SECRET, "name").certificate(),
                ClusterKey.of(SECRET, "name").certificate());
    }

    @Test
    void anotherSecretOrNameMakesAnother() {
        ClusterKey key = ClusterKey.of(SECRET, "name");
        assertNotEquals(key.certificate(), ClusterKey.of(SECRET + "x", "name").certificate());
        assertNotEquals(key.certificate(), ClusterKey.of(SECRET, "other").certificate());
    }

    @Test
    void itIsSignedWithItsOwnKeyAndValidToday() throws Exception {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        ClusterKey.of(SECRET, "name").certificate().getBytes()));
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
    }

    @Test
    void itsTextShowsNothing() {
        assertEquals("ClusterKey[***]", ClusterKey.of(SECRET, "name").toString());
    }
}
