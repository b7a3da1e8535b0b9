package us.kbase.caching.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import us.kbase.caching.tls.TlsFiles;

/** A CA of a test's own, and what it signs: PEM files in a folder. */
public final class TestCertificates {

    private static final AlgorithmIdentifier SIGNATURE = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final char[] NO_PASSWORD = new char[0];

    private final Path folder;
    private final String name;
    private final KeyPair keys = keys();
    private final Certificate certificate;

    /** A CA of that name, whose certificate is {@code <name>.pem}. */
    public TestCertificates(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.certificate = signed(name, keys, true);
        write(name + ".pem", pem("CERTIFICATE", encoded(certificate)));
    }

    /** The CA's own certificate. */
    public Path caFile() {
        return folder.resolve(name + ".pem");
    }

    /** A pair signed for 127.0.0.1 and localhost, in {@code <of>.pem} and {@code <of>-key.pem}; written over what was there. */
    public TlsFiles signed(String of) {
        KeyPair pair = keys();
        write(of + ".pem", pem("CERTIFICATE", encoded(signed(of, pair, false))));
        write(of + "-key.pem", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        return new TlsFiles(folder.resolve(of + ".pem"), folder.resolve(of + "-key.pem"), Optional.empty());
    }

    /** Believes this CA and shows nothing. */
    public SSLContext client() {
        return context(null);
    }

    /** Believes this CA and shows a certificate that it signed. */
    public SSLContext clientWithCertificate() {
        try {
            KeyPair pair = keys();
            KeyStore store = empty();
            store.setKeyEntry("own", pair.getPrivate(), NO_PASSWORD, new Certificate[] {signed("client", pair, false)});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            return context(managers);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private SSLContext context(KeyManagerFactory own) {
        try {
            KeyStore believed = empty();
            believed.setCertificateEntry("ca", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : own.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Certificate signed(String of, KeyPair pair, boolean ca) {
        try {
            V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
            generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(SERIAL.getAndIncrement())));
            generator.setIssuer(new X500Name("CN=" + name));
            generator.setSubject(new X500Name("CN=" + of));
            generator.setStartDate(new Time(Date.from(Instant.now().minus(Duration.ofHours(1)))));
            generator.setEndDate(new Time(Date.from(Instant.now().plus(Duration.ofDays(90)))));
            generator.setSubjectPublicKeyInfo(
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            generator.setSignature(SIGNATURE);
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")
            }));
            generator.setExtensions(extensions.generate());
            return parsed(signature(generator.generateTBSCertificate(), keys.getPrivate()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signature(TBSCertificate unsigned, PrivateKey key)
            throws GeneralSecurityException, IOException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(unsigned.getEncoded());
        ASN1EncodableVector parts = new ASN1EncodableVector();
        parts.add(unsigned);
        parts.add(SIGNATURE);
        parts.add(new DERBitString(signature.sign()));
        return new DERSequence(parts).getEncoded();
    }

    private static Certificate parsed(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static byte[] encoded(Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Content as PEM (RFC 7468). */
    public static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
