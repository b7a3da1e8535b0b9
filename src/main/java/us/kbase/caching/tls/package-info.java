/**
 * Secures the connections of clients: PEM files become the certificate that this gateway shows, and are read again when they change.
 *
 * <p>Vert.x listens without TLS. Each accepted connection is paid for first and then gets an {@code SslHandler} before everything else
 * ({@code ServerTls}), so that a stranger who never ends a handshake costs what was paid, and a new certificate is a matter of the next
 * connection (docs/adr/0056). Behind it {@code TlsRecords} joins what one read of the socket brought, so that the rest of the pipeline
 * sees what it would see of a plain socket: one buffer a read.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.tls;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
