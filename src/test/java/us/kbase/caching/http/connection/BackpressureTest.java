package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.TestSource;
import us.kbase.caching.testing.ThinkingAuth;
import us.kbase.caching.testing.WatchedStore;

/** Nothing moves that nobody asked for: these fail as soon as somebody between socket and store buffers. */
class BackpressureTest {

    /** Far more than the buffers of two loopback sockets, which grow to some megabytes. */
    private static final long BODY_BYTES = 96L << 20;

    private static final long SOCKET_BYTES_MAX = 16L << 20;
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";

    @TempDir
    Path folder;

    /** A client that sends as fast as it can, and how much the sockets took from it. */
    private static final class Pushing implements AutoCloseable {
        private final AtomicLong taken = new AtomicLong();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final RawConnection connection;

        Pushing(int port, String id) {
            this(port, id, "");
        }

        /** Sends other requests right before. */
        Pushing(int port, String id, String before) {
            connection = new RawConnection(port)
                    .send(before + "POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                            + "\r\n"
                            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + (HEAD.length() + BODY_BYTES + TAIL.length()) + "\r\n\r\n")
                    .send(HEAD);
            Thread.startVirtualThread(this::push);
        }

        private void push() {
            byte[] some = new byte[64 << 10];
            while (taken.get() < BODY_BYTES) {
                connection.send(some, 0, some.length);
                taken.addAndGet(some.length);
            }
            connection.send(TAIL);
            ended.set(true);
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Test
    void aStoreThatTakesNothingLeavesTheBytesWithTheClient() {
        takesNothing("");
    }

    @Test
    void soItDoesWhenTheUploadIsSentRightBehindAnother() {
        String small = HEAD + "small" + TAIL;
        takesNothing(
                "POST /v1/cache/%s HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\nContent-Length: "
                        + small.length() + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n" + small);
    }

    private void takesNothing(String before) {
        long takenBefore = ForwardPool.takenBytes();
        AtomicLong asked = new AtomicLong();
        Promise<Void> goOn = Promise.promise();
        LoopGateway.Setup setup = LoopGateway.Setup.usual().store(inner -> new WatchedStore(inner) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                boolean upload = body.lengthMaxBytes() > SOCKET_BYTES_MAX;
                ByteSource bytes = upload ? holding(body.bytes()) : body.bytes();
                return super.put(key, new Body(bytes, body.lengthMaxBytes()), metadata, guard);
            }

            private ByteSource holding(ByteSource bytes) {
                return new ByteSource() {
                    @Override
                    public Future<Buffer> next() {
                        return bytes.next().compose(chunk -> {
                            asked.addAndGet(chunk.length());
                            return goOn.future().map(chunk);
                        });
                    }

                    @Override
                    public void cancel() {
                        bytes.cancel();
                    }
                };
            }
        });
        try (LoopGateway gateway = LoopGateway.on(folder, setup);
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", "held"));
            try (Pushing pushing = new Pushing(gateway.port(), id, before.formatted(id))) {
                Await.until("the first bytes", () -> asked.get() > 0);
                long taken = Await.settled(pushing.taken);
                assertTrue(taken < SOCKET_BYTES_MAX, taken + " bytes taken from the client");
                assertTrue(asked.get() <= 256 << 10, asked.get() + " bytes given to the store");
            }
            goOn.complete();
            Await.until("what the store held is released", () -> ForwardPool.takenBytes() <= takenBefore);
        }
    }

    @Test
    void anAuthServerThatThinksLeavesTheBytesWithTheClient() {
        AtomicReference<Promise<Void>> thinking = new AtomicReference<>(Promise.promise());
        thinking.get().complete();
        LoopGateway.Setup setup = LoopGateway.Setup.usual()
                .authenticator(new ThinkingAuth(token -> thinking.get().future()));
        try (LoopGateway gateway = LoopGateway.on(folder, setup);
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", "thinking"));
            thinking.set(Promise.promise());
            try (Pushing pushing = new Pushing(gateway.port(), id)) {
                long taken = Await.settled(pushing.taken);
                assertTrue(taken > 0 && taken < SOCKET_BYTES_MAX, taken + " bytes taken from the client");
                thinking.get().complete();
                Await.until("the rest", pushing.ended::get);
                assertTrue(pushing.connection.head().startsWith("HTTP/1.1 200 "));
            }
            assertEquals(BODY_BYTES, length(gateway.port(), id));
        }
    }

    private static long length(int port, String id) {
        try (RawConnection connection = new RawConnection(port)
                .send("HEAD /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n\r\n")) {
            String head = connection.head().toLowerCase(java.util.Locale.ROOT);
            return Long.parseLong(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
        }
    }

    @Test
    void aReaderThatTakesNothingLeavesTheBytesInTheStore() {
        TestSource endless = TestSource.of(7, BODY_BYTES);
        AtomicLong given = new AtomicLong();
        LoopGateway.Setup setup = LoopGateway.Setup.usual().store(inner -> new WatchedStore(inner) {
            @Override
            public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
                return super.get(key, range, etag)
                        .map(found -> found.map(file -> {
                            file.bytes().cancel();
                            return new Download(file.stored(), 0, BODY_BYTES, counting(endless, given));
                        }));
            }
        });
        try (LoopGateway gateway = LoopGateway.on(folder, setup);
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", "read slowly"));
            assertEquals(200, client.upload(id, "stands for much").status());
            try (RawConnection connection = new RawConnection(gateway.port())
                    .send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                            + "\r\n\r\n")) {
                assertTrue(connection.head().startsWith("HTTP/1.1 200 "));
                long taken = Await.settled(given);
                assertTrue(taken > 0 && taken < SOCKET_BYTES_MAX, taken + " bytes taken from the store");
                TestSource.check(7, 0, Buffer.buffer(connection.read(1 << 20)));
            }
            Await.until("the store's stream to be given back", endless::cancelled);
        }
    }

    private static ByteSource counting(ByteSource source, AtomicLong given) {
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return source.next().onSuccess(chunk -> given.addAndGet(chunk.length()));
            }

            @Override
            public void cancel() {
                source.cancel();
            }
        };
    }
}
