package us.kbase.caching.config;

import java.nio.file.Path;
import java.util.Optional;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.tls.Identity;
import us.kbase.caching.tls.TlsFiles;

/** The rows of {@link Keys} about TLS, and what they come to together. */
final class TlsKeys {

    static final Key<Path> CERTIFICATE = Key.unset(
            "http.tls.certificate",
            Certificates.chain(),
            "",
            "PEM file with the server's certificate, followed by those between it and its CA: clients then speak https and"
                    + " nothing else. It is read again within 10 s of a change, and no transfer is dropped.");
    static final Key<Path> KEY = Key.unset(
            "http.tls.key",
            Certificates.privateKey(),
            "",
            "PEM file with that certificate's private key, without a passphrase.");
    static final Key<Path> CLIENT_CA = Key.unset(
            "http.tls.client-ca",
            Certificates.clientCa(),
            "",
            "PEM file with the CA of clients (mutual TLS): whoever shows no certificate of it is refused.");

    private TlsKeys() {}

    /** The files, checked; nothing where none is named, and where something is wrong, which is then noted. */
    static Optional<TlsFiles> files(Sources sources) {
        Optional<Path> certificate = sources.find(CERTIFICATE);
        Optional<Path> key = sources.find(KEY);
        Optional<Path> clientCa = sources.find(CLIENT_CA);
        if (certificate.isPresent() && key.isPresent()) {
            return checked(sources, new TlsFiles(certificate.get(), key.get(), clientCa));
        }
        needs(sources, certificate, KEY);
        needs(sources, key, CERTIFICATE);
        if (certificate.isEmpty() && key.isEmpty()) {
            needs(sources, clientCa, CERTIFICATE);
        }
        return Optional.empty();
    }

    private static Optional<TlsFiles> checked(Sources sources, TlsFiles files) {
        try {
            return Optional.of(Identity.checked(files));
        } catch (WrongValue e) {
            sources.problem(KEY, e.clause());
            return Optional.empty();
        }
    }

    private static void needs(Sources sources, Optional<Path> set, Key<Path> missing) {
        if (set.isPresent() && !sources.hasProblem(missing)) {
            sources.problem(
                    missing,
                    "is missing: set it (or " + missing.environmentName()
                            + ") to the PEM file that was made together with " + set.get());
        }
    }

    /** Whether the metrics are secured too. */
    static boolean metrics(Sources sources, boolean tls, String host) {
        boolean secured = sources.find(Keys.METRICS_TLS).orElse(tls && !HostPort.isLoopback(host));
        sources.derive(Keys.METRICS_TLS, secured, "");
        if (secured && !tls && !sources.hasProblem(CERTIFICATE) && !sources.hasProblem(KEY)) {
            sources.problem(Keys.METRICS_TLS, "needs a certificate: set http.tls.certificate and http.tls.key");
        }
        return secured;
    }
}
