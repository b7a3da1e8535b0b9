package us.kbase.caching.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files that secure the connections of clients.
 *
 * @param certificate the server's certificate, followed by those between it and its CA
 * @param key the private key of the first certificate, without a passphrase
 * @param clientCa the CAs of clients: whoever shows no certificate of theirs is refused; empty where clients need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {}
