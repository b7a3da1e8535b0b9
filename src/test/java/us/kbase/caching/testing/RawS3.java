package us.kbase.caching.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import us.kbase.caching.store.s3.client.S3Connection;

/** A server whose every answer is written by the test, byte for byte: it may say what no HTTP library would. */
public final class RawS3 {

    private static final int CONNECTIONS = 8;

    /** A request, without its body. */
    public record Asked(String line, String head) {

        /** The value of a header, empty without it. */
        public String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        public boolean is(String method) {
            return line.startsWith(method + " ");
        }
    }

    /** What is sent back, and whether the connection stays open behind it. */
    public record Told(Buffer bytes, Then then) {
        public enum Then {
            STAYS_OPEN,
            CLOSES
        }

        public static Told of(String head, Buffer body) {
            return new Told(Buffer.buffer(head).appendString("\r\n").appendBuffer(body), Then.STAYS_OPEN);
        }

        public static Told of(int status, String headers, String body) {
            return of(
                    "HTTP/1.1 " + status + " X\r\nDate: " + date() + "\r\n" + headers + "Content-Length: "
                            + body.length() + "\r\n",
                    Buffer.buffer(body));
        }

        public Told thenCloses() {
            return new Told(bytes, Then.CLOSES);
        }
    }

    private final NetServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile Function<Asked, Told> answers;

    private RawS3(Vertx vertx, Function<Asked, Told> answers) {
        this.answers = answers;
        this.server = vertx.createNetServer().connectHandler(this::accept);
        Await.result(server.listen(0, "127.0.0.1"));
    }

    public static RawS3 start(Vertx vertx, Function<Asked, Told> answers) {
        return new RawS3(vertx, answers);
    }

    public void answer(Function<Asked, Told> next) {
        answers = next;
    }

    /** A date that {@code S3} would send now. */
    public static String date() {
        return date(Instant.now());
    }

    /** The date that it would send then. */
    public static String date(Instant then) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atZone(ZoneOffset.UTC));
    }

    public S3Connection bucket() {
        return S3Servers.standIn("http://127.0.0.1:" + server.actualPort()).within(CONNECTIONS, Duration.ofSeconds(20));
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public void forget() {
        asked.clear();
    }

    /** Connections that are open now. */
    public int connections() {
        return open.size();
    }

    /** Connections that have ended. */
    public int closed() {
        return closed.get();
    }

    private void accept(NetSocket socket) {
        open.add(socket);
        socket.closeHandler(v -> {
                    open.remove(socket);
                    closed.incrementAndGet();
                })
                .exceptionHandler(cause -> {});
        Buffer[] unread = {Buffer.buffer()};
        int[] missing = {0};
        socket.handler(bytes -> {
            int ofBody = Math.min(missing[0], bytes.length());
            missing[0] -= ofBody;
            Buffer read = unread[0].appendBuffer(bytes.slice(ofBody, bytes.length()));
            int end = read.toString("ISO-8859-1").indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            String head = read.getString(0, end, "ISO-8859-1");
            int behind = read.length() - end - 4;
            unread[0] = Buffer.buffer();
            Asked one = new Asked(head.lines().findFirst().orElse(""), head);
            String length = one.header("Content-Length");
            missing[0] = (length.isEmpty() ? 0 : Integer.parseInt(length)) - behind;
            asked.add(one);
            Told told = answers.apply(one);
            socket.write(told.bytes()).onSuccess(v -> {
                if (told.then() == Told.Then.CLOSES) {
                    socket.close();
                }
            });
        });
    }
}
