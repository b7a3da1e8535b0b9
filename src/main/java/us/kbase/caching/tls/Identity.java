package us.kbase.caching.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import us.kbase.caching.config.source.WrongValue;

/**
 * What this gateway shows to clients, and whom it believes: read from {@link TlsFiles} and checked.
 *
 * @param chain the server's certificate first
 * @param clientCas the CAs of clients; empty where clients need no certificate
 */
public record Identity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientCas) {

    /** What a file of the server's certificate must hold, as part of a sentence. */
    public static final String CHAIN = "the server's certificate, followed by those between it and its CA,";

    /** The same of clients' CAs. */
    public static final String CLIENT_CA = "the certificate of the clients' CA";

    /** Of TLS 1.2 clients without tickets; the JDK would keep twenty thousand. */
    private static final int SESSIONS_MAX = 256;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /**
     * Reads and checks the files. Blocking: not for event loops.
     *
     * @throws WrongValue with a clause that names the file, what is wrong and what to do
     */
    public static Identity read(TlsFiles files) {
        Identity identity = new Identity(
                PemFile.privateKey(files.key()),
                PemFile.certificates(files.certificate(), CHAIN),
                files.clientCa().map(ca -> PemFile.certificates(ca, CLIENT_CA)).orElse(List.of()));
        if (!identity.belongsTogether()) {
            throw new WrongValue("does not belong to the certificate: " + files.key() + " is the key of another than "
                    + files.certificate() + " begins with: name the two that were made together");
        }
        return identity;
    }

    /** Gives the files back when they can be used; else as {@link #read}. */
    public static TlsFiles checked(TlsFiles files) {
        Objects.requireNonNull(read(files));
        return files;
    }

    /** Until when clients believe the certificate. */
    public Instant validUntil() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    private boolean belongsTogether() {
        byte[] sample = "caching-service".getBytes(StandardCharsets.UTF_8);
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(chain.getFirst().getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    /** The context of new connections, TLS 1.2 and 1.3 by the JDK. */
    SslContext context() throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain)
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOLS)
                .sessionCacheSize(SESSIONS_MAX);
        return clientCas.isEmpty()
                ? builder.build()
                : builder.trustManager(clientCas).clientAuth(ClientAuth.REQUIRE).build();
    }

    /** The context of listeners that know who asks by a token. */
    SslContext contextWithoutClients() throws SSLException {
        return new Identity(key, chain, List.of()).context();
    }

    @Override
    public String toString() {
        return "Identity[" + chain.getFirst().getSubjectX500Principal() + " until " + validUntil() + "]";
    }
}
