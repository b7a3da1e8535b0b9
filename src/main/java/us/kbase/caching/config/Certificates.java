package us.kbase.caching.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.store.s3.client.CaFile;

/** The kind of a key that names a PEM file of certificates. */
final class Certificates {

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

    private Certificates() {}

    static Kind<CaFile> file() {
        Kind<Path> path = Kinds.path();
        return Kind.scalar("a PEM file", text -> read(path.reader().apply(new Raw.Scalar(text, false, ""))));
    }

    private static CaFile read(Path path) {
        String pem;
        try {
            pem = TextFile.read(path);
        } catch (IOException e) {
            throw new WrongValue("cannot be used: " + withoutFullStop(String.valueOf(e.getMessage())));
        }
        if (pem.isBlank()) {
            throw new WrongValue("cannot be used: " + path + " is empty: copy the CA's certificate into it");
        }
        if (!pem.contains(BEGIN)) {
            throw new WrongValue("cannot be used: " + path + " holds no '" + BEGIN
                    + "': name the CA's certificate in PEM form ('openssl x509 -inform der' makes it of DER)");
        }
        String certificates = pem.substring(pem.indexOf(BEGIN));
        try {
            int found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates.getBytes(StandardCharsets.UTF_8)))
                    .size();
            return new CaFile(path, found == 0 ? "" : certificates);
        } catch (CertificateException e) {
            throw new WrongValue("cannot be used: " + path + " holds a certificate that is damaged: copy it again");
        }
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
