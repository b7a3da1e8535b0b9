package us.kbase.caching.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The secret as a key of TLS: everybody who holds it makes the same P-256 key and the same self-signed certificate, byte for byte, and
 * believes no other. So TLS proves the secret on both sides, and no protocol of our own has to. Immutable.
 *
 * @param certificate in PEM
 * @param privateKey in PEM
 */
record ClusterKey(Buffer certificate, Buffer privateKey) {

    /** Whoever connects to a gateway is shown its certificate, and may try secrets on it at home: each try shall cost something. */
    private static final int ROUNDS = 50_000;

    private static final int SEED_BITS = 384; // 128 more than the order of the curve: the remainder is even
    private static final int COORDINATE_BITS = 256;
    private static final String TLS = "TLSv1.3";

    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1);
    private static final AlgorithmIdentifier SIGNATURE = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    /** The key of this secret among gateways of this name. Takes some 50 ms of computing. */
    static ClusterKey of(String secret, String name) {
        X9ECParameters curve = CustomNamedCurves.getByOID(X9ObjectIdentifiers.prime256v1);
        BigInteger number =
                seed(secret, name).mod(curve.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
        ECPoint point = curve.getG().multiply(number).normalize();
        byte[] encoded = point.getEncoded(false);
        try {
            PrivateKeyInfo key = new PrivateKeyInfo(
                    P256, new ECPrivateKey(COORDINATE_BITS, number, new DERBitString(encoded), null));
            return new ClusterKey(
                    pem("CERTIFICATE", certificate(new SubjectPublicKeyInfo(P256, encoded), curve, number)),
                    pem("PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BigInteger seed(String secret, String name) {
        byte[] salt = ("caching-service cluster 1\n" + name).getBytes(StandardCharsets.UTF_8);
        try {
            return new BigInteger(
                    1,
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(new PBEKeySpec(secret.toCharArray(), salt, ROUNDS, SEED_BITS))
                            .getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
        }
    }

    /** Signed without chance (RFC 6979), so that all holders have one certificate and trust means equality. */
    private static byte[] certificate(SubjectPublicKeyInfo key, X9ECParameters curve, BigInteger number)
            throws IOException {
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        X500Name name = new X500Name("CN=caching-service cluster");
        generator.setSerialNumber(new ASN1Integer(1));
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(new Time(Date.from(Instant.parse("2000-01-01T00:00:00Z"))));
        generator.setEndDate(new Time(Date.from(Instant.parse("2999-01-01T00:00:00Z"))));
        generator.setSubjectPublicKeyInfo(key);
        generator.setSignature(SIGNATURE);
        TBSCertificate unsigned = generator.generateTBSCertificate();

        byte[] content = unsigned.getEncoded();
        SHA256Digest digest = new SHA256Digest();
        digest.update(content, 0, content.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(number, new ECDomainParameters(curve)));
        BigInteger[] signature = signer.generateSignature(hash);

        return sequence(
                        unsigned,
                        SIGNATURE,
                        new DERBitString(sequence(new ASN1Integer(signature[0]), new ASN1Integer(signature[1]))
                                .getEncoded()))
                .getEncoded();
    }

    private static DERSequence sequence(ASN1Encodable... elements) {
        ASN1EncodableVector vector = new ASN1EncodableVector();
        vector.addAll(elements);
        return new DERSequence(vector);
    }

    private static Buffer pem(String kind, byte[] content) {
        return Buffer.buffer("-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n");
    }

    /** Makes the socket speak TLS 1.3 alone, show this key, and believe no other. */
    <T extends TCPSSLOptions> T required(T options) {
        options.setSsl(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions().addCertValue(certificate).addKeyValue(privateKey))
                .setTrustOptions(new PemTrustOptions().addCertValue(certificate))
                .setEnabledSecureTransportProtocols(Set.of(TLS));
        return options;
    }

    @Override
    public String toString() {
        return "ClusterKey[***]";
    }
}
