package us.kbase.caching.stress.siege.store;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between the gateway and its S3 server: answers late, with SlowDown, or with errors of 150 MiB. What is set holds for
 * the requests that begin afterwards; settings may be changed from any thread.
 */
public final class StoreProxy {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int READ_BYTES = 16 * 1024;

    private final Vertx vertx;
    private final URI target;
    private final NetClient client;
    private final NetServer server;
    private final Random random;
    private final AtomicLong slowDownsDone = new AtomicLong();
    private final AtomicLong uploadsUntold = new AtomicLong();
    private volatile long lateMillis;
    private volatile double slowDowns;
    private volatile Set<String> cursed = Set.of();

    /** What becomes of a request. */
    enum Fate {
        PASS,
        SLOW_DOWN,
        HUGE_ERROR
    }

    /** A proxy that does not listen yet; the same seed picks the same calls. */
    public StoreProxy(Vertx vertx, URI target, long seed) {
        this.vertx = vertx;
        this.target = target;
        this.random = new Random(seed);
        this.client =
                vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setReceiveBufferSize(BUFFER_BYTES));
        this.server = vertx.createNetServer(new NetServerOptions()
                .setTcpNoDelay(true)
                .setReceiveBufferSize(BUFFER_BYTES)
                .setAcceptBacklog(4096));
        server.connectHandler(this::accept);
    }

    /** Begins to listen on a free port of the loopback interface; on this loop from now on. */
    public Future<Void> listen() {
        return server.listen(0, "127.0.0.1").mapEmpty();
    }

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Each reply begins so many milliseconds after its request did, at the earliest. */
    public void answerLate(long millis) {
        lateMillis = millis;
    }

    /** How late it answers now. */
    public long lateMillis() {
        return lateMillis;
    }

    /** This share of the calls is answered with 503 SlowDown. */
    public void slowDown(double share) {
        slowDowns = share;
    }

    /** How many calls were. */
    public long slowDownsDone() {
        return slowDownsDone.get();
    }

    /** How many multipart uploads may be open of which the gateway never heard: it had gone when the answer came. */
    public long uploadsUntold() {
        return uploadsUntold.get();
    }

    void uploadUntold() {
        uploadsUntold.incrementAndGet();
    }

    static boolean opensUpload(String head) {
        return head.startsWith("POST ")
                && head.substring(0, head.indexOf("\r\n")).contains("?uploads");
    }

    /** Each GET and PUT for one of these keys is answered with an error of 150 MiB. */
    public void curse(Set<String> keys) {
        cursed = keys;
    }

    Fate fate(String requestLine) {
        Set<String> keys = cursed;
        boolean mayBeCursed = requestLine.startsWith("GET ") || requestLine.startsWith("PUT ");
        if (mayBeCursed && !keys.isEmpty() && keys.contains(key(requestLine))) {
            return Fate.HUGE_ERROR;
        }
        if (slowDowns > 0 && random.nextDouble() < slowDowns) {
            slowDownsDone.incrementAndGet();
            return Fate.SLOW_DOWN;
        }
        return Fate.PASS;
    }

    /** The last segment of the path, without its query. */
    private static String key(String requestLine) {
        String path = requestLine.split("[ ?]", 3)[1];
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void accept(NetSocket down) {
        down.pause();
        readLittle(down);
        client.connect(target.getPort(), target.getHost())
                .onSuccess(up -> {
                    readLittle(up);
                    new Relay(vertx, this, down, up).begin();
                })
                .onFailure(cause -> reset(down));
    }

    /** A paused socket keeps several reads, and there are thousands. */
    private static void readLittle(NetSocket socket) {
        channel(socket).config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES));
    }

    private static Channel channel(NetSocket socket) {
        return ((ConnectionBase) socket).channel();
    }

    static void reset(NetSocket socket) {
        Channel channel = channel(socket);
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        socket.close();
    }
}
