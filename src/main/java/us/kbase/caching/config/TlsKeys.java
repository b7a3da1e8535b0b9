package us.kbase.caching.config;

import java.nio.file.Path;
import java.util.Optional;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.tls.Identity;
import us.kbase.caching.tls.TlsFiles;

/** What the keys of {@code http.tls} come to together. */
final class TlsKeys {

    private TlsKeys() {}

    /** The files, checked; nothing where none is named, and where something is wrong, which is then noted. */
    static Optional<TlsFiles> files(Sources sources) {
        Optional<Path> certificate = sources.find(Keys.TLS_CERTIFICATE);
        Optional<Path> key = sources.find(Keys.TLS_KEY);
        Optional<Path> clientCa = sources.find(Keys.TLS_CLIENT_CA);
        if (certificate.isPresent() && key.isPresent()) {
            return checked(sources, new TlsFiles(certificate.get(), key.get(), clientCa));
        }
        needs(sources, certificate, Keys.TLS_KEY);
        needs(sources, key, Keys.TLS_CERTIFICATE);
        if (certificate.isEmpty() && key.isEmpty()) {
            needs(sources, clientCa, Keys.TLS_CERTIFICATE);
        }
        return Optional.empty();
    }

    private static Optional<TlsFiles> checked(Sources sources, TlsFiles files) {
        try {
            return Optional.of(Identity.checked(files));
        } catch (WrongValue e) {
            sources.problem(Keys.TLS_KEY, e.clause());
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
        if (secured && !tls && !sources.hasProblem(Keys.TLS_CERTIFICATE) && !sources.hasProblem(Keys.TLS_KEY)) {
            sources.problem(Keys.METRICS_TLS, "needs a certificate: set http.tls.certificate and http.tls.key");
        }
        return secured;
    }
}
