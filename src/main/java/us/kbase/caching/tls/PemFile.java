package us.kbase.caching.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;

/**
 * Reads PEM files (RFC 7468). All methods throw {@link WrongValue}, whose clause names the file, what is wrong with it and what to do.
 * Blocking: not for event loops.
 */
public final class PemFile {

    private static final String BEGIN = "-----BEGIN ";
    private static final String BEGIN_CERTIFICATE = BEGIN + "CERTIFICATE-----";
    private static final String PRIVATE_KEY = "PRIVATE KEY-----";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFile() {}

    /**
     * The text of a file of certificates, from the first one on; it was parsed and holds at least one.
     *
     * @param whose completes the sentence "copy … into it"
     */
    public static String certificatesText(Path path, String whose) {
        String pem = text(path, whose);
        if (!pem.contains(BEGIN_CERTIFICATE)) {
            throw unusable(path + " holds no '" + BEGIN_CERTIFICATE + "': name " + whose
                    + " in PEM form ('openssl x509 -inform der' makes it of DER)");
        }
        String certificates = pem.substring(pem.indexOf(BEGIN_CERTIFICATE));
        if (parsed(path, certificates).isEmpty()) {
            throw damaged(path);
        }
        return certificates;
    }

    /** The certificates of a file, in its order; at least one. */
    public static List<X509Certificate> certificates(Path path, String whose) {
        return parsed(path, certificatesText(path, whose));
    }

    private static List<X509Certificate> parsed(Path path, String certificates) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw damaged(path);
        }
    }

    private static WrongValue damaged(Path path) {
        return unusable(path + " holds a certificate that is damaged: copy it again");
    }

    /** Gives the path back when the file holds certificates. */
    public static Path checkedCertificates(Path path, String whose) {
        Objects.requireNonNull(certificatesText(path, whose));
        return path;
    }

    /** Gives the path back when the file holds a private key. */
    public static Path checkedPrivateKey(Path path) {
        Objects.requireNonNull(privateKey(path));
        return path;
    }

    /** The private key of a file: PKCS#8, PKCS#1 of RSA or SEC1 of elliptic curves, without a passphrase. */
    public static PrivateKey privateKey(Path path) {
        String pem = text(path, "the private key");
        int labelEnd = pem.indexOf(PRIVATE_KEY);
        int labelBegin = pem.lastIndexOf(BEGIN, labelEnd);
        int bodyEnd = pem.indexOf("-----END ", Math.max(labelEnd, 0));
        if (labelEnd < 0 || labelBegin < 0 || bodyEnd < 0) {
            throw unusable(path + " holds no '" + BEGIN + PRIVATE_KEY + "': name the key in PEM form");
        }
        String label = pem.substring(labelBegin + BEGIN.length(), labelEnd).strip();
        String body = pem.substring(labelEnd + PRIVATE_KEY.length(), bodyEnd);
        if (label.equals("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw unusable(path + " is protected by a passphrase, which nobody could type here: write it without"
                    + " ('openssl pkey -in " + path.getFileName() + " -out plain.pem')");
        }
        try {
            return key(KeyForm.pkcs8(label, Base64.getMimeDecoder().decode(body)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(
                    path + " holds a key that is damaged or of a kind that is not known here: RSA, EC and Ed25519"
                            + " keys are");
        }
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException another) {
                continue;
            }
        }
        throw new InvalidKeySpecException("none of " + ALGORITHMS);
    }

    private static String text(Path path, String whose) {
        String text;
        try {
            text = TextFile.read(path);
        } catch (IOException e) {
            throw unusable(withoutFullStop(String.valueOf(e.getMessage())));
        }
        if (text.isBlank()) {
            throw unusable(path + " is empty: copy " + whose + " into it");
        }
        return text;
    }

    private static WrongValue unusable(String why) {
        return new WrongValue("cannot be used: " + why);
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
