package us.kbase.caching.testing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import us.kbase.caching.store.s3.client.S3Connection;

/**
 * Stands before a real server and does wrong on demand, at the level of TCP. It knows enough of HTTP/1.1 to see where a
 * request begins (those of our S3 client carry a length), so a fault can wait for the request that it is meant for.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int SOCKET_BYTES = 64 * 1024;

    /** What happens to a request. */
    public sealed interface Fault {
        /** Answered here, once its head is read; its body is read and dropped. */
        record Answer(int status, String body) implements Fault {}

        /** Reset after so many bytes of its body went through. */
        record CutRequest(long bytes) implements Fault {}

        /** Goes through, but of the reply only so many bytes do before a reset; with 0 the reply is lost. */
        record CutReply(long bytes) implements Fault {}

        /** So many bytes of its body go through, then nothing does in either direction. */
        record Stall(long bytes) implements Fault {}

        /** Goes through with one bit of its body turned. */
        record FlipRequest(long bit) implements Fault {}

        /** Goes through, and one bit of the reply's body is turned. */
        record FlipReply(long bit) implements Fault {}

        /** Goes through; the reply stands still after so many bytes. */
        record StallReply(long bytes) implements Fault {}
    }

    /** A fault that waits for its requests: those whose first line matches, some passed over, then so many of them. */
    private final class Rule {
        private final Pattern line;
        private final Fault fault;
        private final AtomicInteger passes;
        private final AtomicInteger hits;

        Rule(String line, Fault fault, int passes, int hits) {
            this.line = Pattern.compile(line);
            this.fault = fault;
            this.passes = new AtomicInteger(passes);
            this.hits = new AtomicInteger(hits);
        }

        boolean hits(String requestLine) {
            return line.matcher(requestLine).find() && passes.getAndDecrement() <= 0 && hits.getAndDecrement() > 0;
        }
    }

    private final NetServer server;
    private final NetClient client;
    private final URI target;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger injected = new AtomicInteger();
    private final List<Relay> relays = new CopyOnWriteArrayList<>();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final AtomicLong replyBytes = new AtomicLong();

    private FaultProxy(Vertx vertx, URI target) {
        this.target = target;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer(new NetServerOptions().setReceiveBufferSize(SOCKET_BYTES));
        server.connectHandler(this::accept);
        Await.result(server.listen(0, "127.0.0.1"));
    }

    public static FaultProxy before(Vertx vertx, URI target) {
        return new FaultProxy(vertx, target);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** The same bucket, reached through here. */
    public S3Connection through(S3Connection bucket) {
        return new S3Connection(
                url(),
                bucket.bucket(),
                bucket.accessKey(),
                bucket.secretKey(),
                bucket.sessionToken(),
                bucket.region(),
                bucket.pathStyle(),
                bucket.caFile(),
                bucket.connections(),
                bucket.waitMax());
    }

    /** The next request whose first line matches. */
    public void once(String line, Fault fault) {
        rules.add(new Rule(line, fault, 0, 1));
    }

    /** The n-th request from now on whose first line matches. */
    public void nth(int n, String line, Fault fault) {
        rules.add(new Rule(line, fault, n - 1, 1));
    }

    /** Every request from now on whose first line matches, until {@link #heal}. */
    public void always(String line, Fault fault) {
        rules.add(new Rule(line, fault, 0, Integer.MAX_VALUE));
    }

    /** So many of the next requests, picked by the seed, each with one of the faults; the same seed does the same. */
    public void seeded(long seed, int among, int hits, List<Fault> faults) {
        Random random = new Random(seed);
        random.ints(0, among)
                .distinct()
                .limit(hits)
                .forEach(place -> nth(place + 1, " HTTP/1.1$", faults.get(random.nextInt(faults.size()))));
    }

    /** No fault from now on; what stands still stays so. */
    public void heal() {
        rules.clear();
    }

    /** How many requests came whose first line matches. */
    public long requests(String line) {
        Pattern pattern = Pattern.compile(line);
        return seen.stream().filter(each -> pattern.matcher(each).find()).count();
    }

    /** How many faults were done. */
    public int injected() {
        return injected.get();
    }

    /** Connections to here that are open now. */
    public int connections() {
        return relays.size();
    }

    /** How many bytes of replies went through. */
    public long replyBytes() {
        return replyBytes.get();
    }

    /** Connections whose last request's first line matches, and that are still open. */
    public long openReplies(String line) {
        Pattern pattern = Pattern.compile(line);
        return relays.stream()
                .filter(relay -> pattern.matcher(relay.line).find())
                .count();
    }

    /** How many bytes of request bodies were read here. */
    public long bodyBytes() {
        return bodyBytes.get();
    }

    private void accept(NetSocket socket) {
        socket.pause();
        client.connect(target.getPort(), target.getHost())
                .onSuccess(up -> new Relay(socket, up).begin())
                .onFailure(cause -> reset(socket));
    }

    private static void reset(NetSocket socket) {
        Channel channel = ((ConnectionBase) socket).channel();
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        socket.close();
    }

    /** One connection and its twin; one request at a time, as our client sends them. */
    private final class Relay {
        private final NetSocket down;
        private final NetSocket up;
        private Buffer head = Buffer.buffer();
        private volatile String line = "";
        private long missing;
        private long passed;
        private long replied;
        private long headBytes;
        private boolean replyEnded;
        private Optional<Fault> fault = Optional.empty();

        Relay(NetSocket down, NetSocket up) {
            this.down = down;
            this.up = up;
        }

        void begin() {
            relays.add(this);
            down.handler(this::request).exceptionHandler(cause -> reset(up));
            up.handler(this::reply).exceptionHandler(cause -> reset(down));
            down.closeHandler(v -> {
                relays.remove(this);
                up.close();
            });
            up.endHandler(v -> down.close());
            up.drainHandler(v -> down.resume());
            down.drainHandler(v -> up.resume());
            down.resume();
        }

        private void request(Buffer bytes) {
            Buffer rest = bytes;
            while (rest.length() > 0) {
                rest = missing > 0 ? body(rest) : heads(rest);
            }
        }

        private Buffer heads(Buffer bytes) {
            head.appendBuffer(bytes);
            int end = head.toString("ISO-8859-1").indexOf("\r\n\r\n");
            if (end < 0) {
                return Buffer.buffer();
            }
            String text = head.getString(0, end, "ISO-8859-1");
            line = text.lines().findFirst().orElse("");
            seen.add(line);
            // Every rule counts the request; the first that hits decides.
            fault = rules.stream().filter(rule -> rule.hits(line)).map(rule -> rule.fault).toList().stream()
                    .findFirst();
            fault.ifPresent(f -> injected.incrementAndGet());
            missing = text.lines()
                    .filter(header -> header.regionMatches(true, 0, "content-length:", 0, 15))
                    .mapToLong(header -> Long.parseLong(header.substring(15).strip()))
                    .findFirst()
                    .orElse(0);
            passed = 0;
            replied = 0;
            Buffer rest = head.slice(end + 4, head.length());
            Buffer own = head.slice(0, end + 4);
            head = Buffer.buffer();
            if (fault.orElse(null) instanceof Fault.Answer answer) {
                down.write("HTTP/1.1 " + answer.status() + " Fault\r\nContent-Type: application/xml\r\nContent-Length: "
                        + answer.body().length() + "\r\n\r\n" + (line.startsWith("HEAD ") ? "" : answer.body()));
            } else {
                up.write(own);
                act(0);
            }
            return rest;
        }

        private Buffer body(Buffer bytes) {
            int length = (int) Math.min(missing, bytes.length());
            missing -= length;
            bodyBytes.addAndGet(length);
            if (!(fault.orElse(null) instanceof Fault.Answer)) {
                Buffer passing = bytes.slice(0, length);
                up.write(
                        fault.orElse(null) instanceof Fault.FlipRequest flip
                                ? flipped(passing, flip.bit(), passed)
                                : passing);
                if (up.writeQueueFull()) {
                    down.pause();
                }
                act(length);
            }
            return bytes.slice(length, bytes.length());
        }

        private void act(int length) {
            passed += length;
            if (fault.orElse(null) instanceof Fault.CutRequest cut && passed >= cut.bytes()) {
                reset(down);
                reset(up);
            } else if (fault.orElse(null) instanceof Fault.Stall stall && passed >= stall.bytes()) {
                up.drainHandler(v -> {});
                down.pause();
                up.pause();
            }
        }

        /** The head of a reply comes in one piece. */
        private Buffer flippedBody(Buffer bytes, long bit) {
            int end = replied == 0 ? bytes.toString("ISO-8859-1").indexOf("\r\n\r\n") + 4 : 0;
            headBytes = replied == 0 ? end : headBytes;
            Buffer body = flipped(bytes.slice(end, bytes.length()), bit, replied + end - headBytes);
            return Buffer.buffer().appendBuffer(bytes.slice(0, end)).appendBuffer(body);
        }

        private void reply(Buffer bytes) {
            if (replyEnded) {
                return; // what the socket had read already
            }
            if (fault.orElse(null) instanceof Fault.CutReply cut && replied + bytes.length() >= cut.bytes()) {
                replyEnded = true;
                down.write(bytes.slice(0, (int) (cut.bytes() - replied))).onComplete(done -> reset(down));
                reset(up);
            } else if (fault.orElse(null) instanceof Fault.StallReply stall
                    && replied + bytes.length() >= stall.bytes()) {
                replyEnded = true;
                down.write(bytes.slice(0, (int) (stall.bytes() - replied)));
                down.drainHandler(v -> {});
                up.pause();
            } else {
                down.write(fault.orElse(null) instanceof Fault.FlipReply flip ? flippedBody(bytes, flip.bit()) : bytes);
                if (down.writeQueueFull()) {
                    up.pause();
                }
            }
            replied += bytes.length();
            replyBytes.addAndGet(bytes.length());
        }
    }

    /** The bytes, with that bit of the whole turned if it is among them. */
    private static Buffer flipped(Buffer bytes, long bit, long before) {
        long at = bit / Byte.SIZE - before;
        if (at < 0 || at >= bytes.length()) {
            return bytes;
        }
        Buffer other = bytes.copy();
        return other.setByte((int) at, (byte) (other.getByte((int) at) ^ 1 << bit % Byte.SIZE));
    }

    @Override
    public void close() {
        Await.result(server.close());
        Await.result(client.close());
    }
}
