package us.kbase.caching.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A TCP connection to a server on this machine that sends exactly what a test says. Blocking. */
public final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();

    public RawConnection(int port) {
        this(port, 64 << 10);
    }

    public RawConnection(int port, int socketBufferBytes) {
        try {
            socket.setReceiveBufferSize(socketBufferBytes);
            socket.setSendBufferSize(socketBufferBytes);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawConnection send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    public RawConnection send(byte[] bytes, int from, int length) {
        try {
            socket.getOutputStream().write(bytes, from, length);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up to so many bytes; less only at the end. */
    public byte[] read(int length) {
        try {
            return socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes until the connection ends, cleanly or not. */
    public byte[] readUntilCut() {
        java.io.ByteArrayOutputStream got = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        try {
            int length = socket.getInputStream().read(buffer);
            while (length >= 0) {
                got.write(buffer, 0, length);
                length = socket.getInputStream().read(buffer);
            }
        } catch (java.net.SocketTimeoutException stillOpen) {
            throw new UncheckedIOException(stillOpen);
        } catch (IOException cut) {
            return got.toByteArray();
        }
        return got.toByteArray();
    }

    /** The reply's head, up to its empty line; empty when the server closed without a word. */
    public String head() {
        StringBuilder head = new StringBuilder();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                head.append((char) next);
                if (head.toString().endsWith("\r\n\r\n")) {
                    return head.toString();
                }
                next = socket.getInputStream().read();
            }
            return head.toString();
        } catch (IOException closed) {
            return head.toString();
        }
    }

    /** Everything until the server closes the connection, which it must within the patience of a test. */
    public String rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        try {
            for (int read = socket.getInputStream().read(some);
                    read >= 0;
                    read = socket.getInputStream().read(some)) {
                all.write(some, 0, read);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed; so far: " + all.toString(StandardCharsets.ISO_8859_1), e);
        } catch (IOException reset) {
            // a server that closes with bytes unread resets the connection
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends no more, and goes on reading. */
    public RawConnection endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset, as a killed client does. */
    public void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
