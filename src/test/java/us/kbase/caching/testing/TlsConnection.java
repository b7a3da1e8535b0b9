package us.kbase.caching.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** A TLS connection to a server on this machine that sends exactly what a test says. Blocking. */
public final class TlsConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket below = new Socket();
    private final SSLSocket socket;

    /** With its handshake done. */
    public TlsConnection(int port, SSLContext context) throws IOException {
        below.setSoTimeout(PATIENCE_MILLIS);
        below.setReceiveBufferSize(64 << 10);
        below.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        socket = (SSLSocket) context.getSocketFactory().createSocket(below, "127.0.0.1", port, true);
        socket.startHandshake();
    }

    public TlsConnection send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public TlsConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes new keys and asks the server to do the same (KeyUpdate, RFC 8446 section 4.6.3); reads nothing. */
    public TlsConnection rekey() throws IOException {
        socket.startHandshake();
        return this;
    }

    /** Says goodbye for its own direction, and goes on reading. */
    public TlsConnection endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends TCP's own direction without a goodbye. */
    public TlsConnection endBelow() {
        try {
            below.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status line of the next reply; empty at the end of the connection. */
    public String status() {
        String head = head();
        return head.isEmpty() ? "" : head.substring(0, head.indexOf('\r'));
    }

    /** The next reply's head, with the empty line behind it; empty at the end. */
    public String head() {
        StringBuilder head = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                head.append((char) next);
                if (head.toString().endsWith("\r\n\r\n")) {
                    break;
                }
            }
        } catch (IOException cut) {
            return head.toString();
        }
        return head.toString();
    }

    /** Everything until the end, which must come without a reset. */
    public String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        socket.getInputStream().transferTo(all);
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** How many bytes came until the end, a reset or not. */
    public long restBytes() {
        long count = 0;
        byte[] some = new byte[64 << 10];
        try {
            for (int length = socket.getInputStream().read(some);
                    length >= 0;
                    length = socket.getInputStream().read(some)) {
                count += length;
            }
        } catch (IOException reset) {
            return count;
        }
        return count;
    }

    /** What the server showed. */
    public X509Certificate certificate() {
        try {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            below.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
