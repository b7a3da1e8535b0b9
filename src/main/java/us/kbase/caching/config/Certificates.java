package us.kbase.caching.config;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import us.kbase.caching.store.s3.client.CaFile;
import us.kbase.caching.tls.Identity;
import us.kbase.caching.tls.PemFile;

/** The kinds of keys that name a PEM file: of certificates, or of a private key. */
final class Certificates {

    private static final String CA = "the CA's certificate";

    private Certificates() {}

    static Kind<CaFile> file() {
        return Kind.scalar("a PEM file", text -> {
            Path path = path(text);
            return new CaFile(path, PemFile.certificatesText(path, CA));
        });
    }

    /** The certificate that this gateway shows. */
    static Kind<Path> chain() {
        return checked(path -> PemFile.checkedCertificates(path, Identity.CHAIN));
    }

    /** Whose certificates clients must show. */
    static Kind<Path> clientCa() {
        return checked(path -> PemFile.checkedCertificates(path, Identity.CLIENT_CA));
    }

    /** The key of the certificate that this gateway shows. */
    static Kind<Path> privateKey() {
        return checked(PemFile::checkedPrivateKey);
    }

    private static Kind<Path> checked(UnaryOperator<Path> check) {
        return Kind.scalar("a PEM file", text -> check.apply(path(text)));
    }

    private static Path path(String text) {
        return Kinds.path().reader().apply(new Raw.Scalar(text, false, ""));
    }
}
