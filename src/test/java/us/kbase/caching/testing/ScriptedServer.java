package us.kbase.caching.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers one request after another, each on a connection of its own, with the next text of a script; then it hangs up. */
public final class ScriptedServer implements AutoCloseable {

    /** An answer that the server does not end. */
    public static final String HOLD = "(held)";

    private final ServerSocket listening;
    private final List<String> script;

    public ScriptedServer(String... script) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.script = List.of(script);
        Thread.ofVirtual().start(this::serve);
    }

    public String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** An answer with JSON. */
    public static String json(int status, String json) {
        return "HTTP/1.1 " + status + " Scripted\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private void serve() {
        try {
            for (String answer : script) {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> answer(socket, answer));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static void answer(Socket socket, String answer) {
        try (socket) {
            InputStream in = socket.getInputStream();
            String head = head(in);
            int length = head.contains("Content-Length: ")
                    ? Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"))
                    : 0;
            in.readNBytes(length);
            OutputStream out = socket.getOutputStream();
            out.write(answer.replace(HOLD, "").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (answer.endsWith(HOLD)) {
                in.read();
            }
        } catch (IOException gone) {
            return;
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
