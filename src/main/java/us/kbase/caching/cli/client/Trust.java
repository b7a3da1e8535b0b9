package us.kbase.caching.cli.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.tls.PemFile;

/** Which servers a client believes, where it is told a CA. */
public final class Trust {

    private Trust() {}

    /**
     * Believes servers of these CAs, and no others.
     *
     * @param caFile certificates in PEM form
     * @throws LocalFault with a sentence, when the file cannot be used
     */
    public static SSLContext of(Path caFile) throws LocalFault {
        try {
            KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
            believed.load(null, null);
            for (X509Certificate ca : PemFile.certificates(caFile, "the CA's certificate")) {
                believed.setCertificateEntry(Integer.toString(believed.size()), ca);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (WrongValue e) {
            throw new LocalFault("--ca " + e.clause() + ".");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no usual TLS", e);
        }
    }
}
