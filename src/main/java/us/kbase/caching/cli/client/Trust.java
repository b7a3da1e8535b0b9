package us.kbase.caching.cli.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.tls.Identity;
import us.kbase.caching.tls.PemFile;
import us.kbase.caching.tls.TlsFiles;

/**
 * Which servers a client believes, and as whom it shows itself to them.
 *
 * @param ca certificates in PEM form of the only CAs that are believed; empty for those that Java knows
 * @param certificate the client's own, followed by those between it and its CA
 * @param key the private key of that certificate
 */
public record Trust(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    private static final char[] NO_PASSWORD = new char[0];

    /** Whether it is what every client has. */
    public boolean isUsual() {
        return ca.isEmpty() && certificate.isEmpty() && key.isEmpty();
    }

    /**
     * The context of connections.
     *
     * @throws LocalFault with a sentence, when a file cannot be used
     */
    public SSLContext context() throws LocalFault {
        if (certificate.isPresent() != key.isPresent()) {
            throw new LocalFault(
                    certificate.isPresent()
                            ? "--cert needs --key: name the PEM file of the certificate's private key too."
                            : "--key needs --cert: name the PEM file of the key's certificate too.");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(), believed(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            if (e instanceof LocalFault fault) {
                throw fault;
            }
            throw new IllegalStateException("this Java has no usual TLS", e);
        }
    }

    /** Nothing where Java's own choice is meant. */
    private TrustManager @Nullable [] believed() throws GeneralSecurityException, IOException {
        if (ca.isEmpty()) {
            return null;
        }
        KeyStore believed = empty();
        for (X509Certificate one : read("--ca", () -> PemFile.certificates(ca.get(), "the CA's certificate"))) {
            believed.setCertificateEntry(Integer.toString(believed.size()), one);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(believed);
        return managers.getTrustManagers();
    }

    private KeyManager @Nullable [] own() throws GeneralSecurityException, IOException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        Path unused = read("--cert", () -> PemFile.checkedCertificates(certificate.get(), "your certificate"));
        Identity identity =
                read("--key", () -> Identity.read(new TlsFiles(certificate.get(), key.get(), Optional.empty())));
        KeyStore shown = empty();
        shown.setKeyEntry("own", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(shown, NO_PASSWORD);
        return managers.getKeyManagers();
    }

    private static <T> T read(String option, Supplier<T> file) throws LocalFault {
        try {
            return file.get();
        } catch (WrongValue e) {
            throw new LocalFault(option + " " + e.clause() + ".");
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
