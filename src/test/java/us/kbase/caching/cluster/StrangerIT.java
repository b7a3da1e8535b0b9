package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import us.kbase.caching.listening.ListeningSockets;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;

/** What somebody without the secret gets at the cluster's port: nothing, while two gateways go on talking. */
class StrangerIT {

    private static final String SECRET = "a secret of thirty-two characters";
    private static final int MIB = 1 << 20;

    private final List<Cluster> members = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final Vertx outside = Vertx.vertx();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("us.kbase.caching.cluster");
    private final Set<String> heard = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private Membership.Address one;
    private Membership.Address two;

    @BeforeEach
    void start() throws Exception {
        log.start();
        logger.addAppender(log);
        one = address();
        two = address();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        members.forEach(member -> Loop.await(member.vertx().close().otherwiseEmpty()));
        Loop.await(outside.close());
        logger.detachAppender(log);
    }

    private static Membership.Address address() throws Exception {
        return Membership.Address.parse("127.0.0.1:" + S3Servers.freePort());
    }

    private Cluster join(String secret, String name, Membership.Address own, Membership.Address... all) {
        Cluster member = Loop.await(Cluster.join(
                Vertx.builder(),
                new VertxOptions(),
                ListeningSockets.shut(),
                new Membership(name, new Secret(secret), own, List.of(all))));
        members.add(member);
        return member;
    }

    private void joinBoth() {
        join(SECRET, "name", one, one, two);
        join(SECRET, "name", two, one, two).listen(heard::add);
        tellUntilHeard("before");
    }

    private void tellUntilHeard(String key) {
        Await.until("the key " + key, () -> {
            members.get(0).tell(key);
            return heard.contains(key);
        });
    }

    private Socket connect(Membership.Address address) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(new InetSocketAddress(address.host(), address.port()), 5_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** What comes back until the port closes. */
    private static byte[] answer(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return in.readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still held", e);
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException closed) {
            assertFalse(String.valueOf(closed.getMessage()).isEmpty()); // the port closed it: what is wanted
        }
    }

    record Attack(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() throws IOException {
        byte[] garbage = new byte[3 * MIB];
        new Random(17).nextBytes(garbage);
        byte[] clientHello =
                bytes(ByteBuffer.allocate(9).put(new byte[] {22, 3, 1, 64, 0, 1, 0, (byte) 255, (byte) 255}));
        return Stream.of(
                new Attack("Hazelcast's client", "CP2".getBytes(StandardCharsets.US_ASCII)),
                new Attack("Hazelcast's member with the default name", hazelcastJoin()),
                new Attack("nested HashSets", nestedSets()),
                new Attack(
                        "a length of 7ffffff0 and 34 MiB",
                        bytes(ByteBuffer.allocate(34 * MIB).putInt(0x7ffffff0))),
                new Attack("a bus message of its own", busMessage()),
                new Attack("garbage", garbage),
                new Attack("a TLS record that announces 64 KiB of greeting", clientHello),
                new Attack("a greeting of many records", records()),
                new Attack("HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return buffer.array();
    }

    private static byte[] hazelcastJoin() {
        byte[] name = "dev".getBytes(StandardCharsets.US_ASCII);
        return bytes(ByteBuffer.allocate(64)
                .put("HZC".getBytes(StandardCharsets.US_ASCII))
                .putInt(32)
                .put(name));
    }

    private static byte[] nestedSets() throws IOException {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int depth = 0; depth < 100; depth++) {
            Set<Object> left = new HashSet<>();
            Set<Object> right = new HashSet<>();
            left.add("x");
            one.add(left);
            one.add(right);
            other.add(left);
            other.add(right);
            one = left;
            other = right;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(root);
        }
        return bytes.toByteArray();
    }

    /** What the event bus wrote before it spoke TLS. */
    private static byte[] busMessage() {
        byte[] address = "us.kbase.caching.changed".getBytes(StandardCharsets.UTF_8);
        byte[] body = "stranger".getBytes(StandardCharsets.UTF_8);
        return bytes(ByteBuffer.allocate(4 + 3 + 4 + address.length + 8 + 4 + body.length)
                .putInt(3 + 4 + address.length + 8 + 4 + body.length)
                .put(new byte[] {1, 9, 1})
                .putInt(address.length)
                .put(address)
                .putInt(0)
                .putInt(4)
                .putInt(body.length)
                .put(body));
    }

    /** A greeting of 16 MiB by its own word, in records that TLS allows. */
    private static byte[] records() {
        ByteBuffer buffer = ByteBuffer.allocate(40 * (5 + 16_384));
        for (int record = 0; record < 40; record++) {
            buffer.put(new byte[] {22, 3, 1, 64, 0});
            byte[] piece = new byte[16_384];
            if (record == 0) {
                piece[0] = 1;
                piece[1] = (byte) 255;
            }
            buffer.put(piece);
        }
        return buffer.array();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isClosedAndChangesNothing(Attack attack) throws Exception {
        joinBoth();
        Socket socket = connect(two);
        send(socket, attack.bytes());
        byte[] answer = answer(socket);
        assertTrue(answer.length < 100, "no more than an alert of TLS, but " + answer.length + " bytes");
        tellUntilHeard("after");
        assertEquals(Set.of("before", "after"), heard);
    }

    @Test
    void silenceOnAThousandConnectionsIsHeldForAFewAndNotLong() throws Exception {
        joinBoth();
        for (int i = 0; i < 1_000; i++) {
            connect(two);
        }
        for (Socket socket : sockets) {
            socket.setSoTimeout(1);
        }
        long began = System.nanoTime();
        Await.until(
                "all but a few are closed",
                () -> sockets.stream().filter(StrangerIT::isOpen).count() <= Door.UNPROVEN_MAX);
        assertTrue(
                System.nanoTime() - began < 2_500_000_000L, "they were held until the time of the handshake was over");
        tellUntilHeard("after");
        for (Socket socket : sockets) {
            socket.setSoTimeout(10_000);
            assertEquals(0, answer(socket).length);
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void slowBytesEndWithTheTimeOfTheHandshake() throws Exception {
        joinBoth();
        Socket socket = connect(two);
        long began = System.nanoTime();
        send(socket, new byte[] {22, 3, 1, 2, 0});
        Await.until("the end of a slow greeting", () -> {
            send(socket, new byte[] {0});
            try {
                socket.setSoTimeout(200);
            } catch (SocketException closed) {
                return true;
            }
            return !isOpen(socket);
        });
        assertTrue(System.nanoTime() - began < 10_000_000_000L);
        tellUntilHeard("after");
    }

    @Test
    void anotherSecretIsRefusedOnBothSidesAndBothSayWhatToCheck() {
        Cluster first = join(SECRET, "name", one, one, two);
        Cluster second = join(SECRET + "!", "name", two, one, two);
        first.listen(heard::add);
        second.tell("stranger");
        Await.until(
                "a sentence of who was connected to, and of who connected",
                () -> said("The gateway at " + one)
                        && said("The gateway at " + two)
                        && said("The cluster's port refused 127.0.0.1"));
        assertTrue(first.leads());
        assertTrue(second.leads(), "each is alone");
        assertEquals(Set.of(), heard);
        assertFalse(
                log.list.stream().anyMatch(event -> event.getFormattedMessage().contains(SECRET)));
        log.list.stream()
                .filter(event -> event.getFormattedMessage().contains("did not show"))
                .forEach(event -> assertTrue(event.getFormattedMessage().contains("cluster.secret")));
    }

    @Test
    void anotherNameIsAnotherCluster() {
        Cluster first = join(SECRET, "name", one, one, two);
        Cluster second = join(SECRET, "other", two, one, two);
        assertTrue(first.leads());
        assertTrue(second.leads());
    }

    private boolean said(String text) {
        return List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(text)
                        && event.getFormattedMessage().contains("cluster.secret"));
    }

    /** Everything that a gateway sent to another is sent again, byte for byte. */
    @Test
    void aReplayOfAWholeConnectionDoesNothing() throws Exception {
        List<byte[]> recorded = new CopyOnWriteArrayList<>();
        NetServer wire = outside.createNetServer();
        wire.connectHandler(in -> record(in, recorded));
        Loop.await(wire.listen(0, "127.0.0.1"));
        Membership.Address tapped = Membership.Address.parse("127.0.0.1:" + wire.actualPort());
        join(SECRET, "name", two).listen(heard::add);
        join(SECRET, "name", one, tapped);
        Await.until("the key", () -> {
            members.get(1).tell("once");
            return heard.contains("once");
        });
        assertTrue(recorded.stream().mapToInt(piece -> piece.length).sum() > 1_000, "nothing went over the wire");
        Loop.await(members.remove(1).vertx().close());
        heard.clear();
        Socket socket = connect(two);
        recorded.forEach(piece -> send(socket, piece));
        assertTrue(answer(socket).length < 4_096, "more than a greeting");
        Await.until("the refusal", () -> said("The cluster's port refused"));
        assertEquals(Set.of(), heard);
    }

    private void record(NetSocket in, List<byte[]> recorded) {
        in.pause();
        outside.createNetClient().connect(two.port(), two.host()).onSuccess(out -> {
            in.handler(data -> {
                recorded.add(data.getBytes());
                out.write(data).onFailure(cut -> in.close());
            });
            out.handler(data -> in.write(data).onFailure(cut -> out.close()));
            in.closeHandler(v -> out.close());
            out.closeHandler(v -> in.close());
            in.resume();
        });
    }
}
