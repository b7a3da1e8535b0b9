package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.FaultTally;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.WatchedStore;

/**
 * A flipped bit or a cut, at every hop of a file on the embedded store: never a whole reply. Runs {@code -Dflips=10000} for each hop on
 * demand, a hundred in the suite; {@code -Dflips.seed} repeats a run.
 */
class FlippedBytesTest {

    private static final int FLIPS = Integer.getInteger("flips", 100);
    private static final long SEED = Long.getLong("flips.seed", 52);
    private static final int CONTENT_BYTES_MAX = 300_000;

    @TempDir
    private static Path folder;

    private static final AtomicReference<Optional<Random>> ON_THE_WAY = new AtomicReference<>(Optional.empty());
    private static final FaultTally TALLY = new FaultTally(FlippedBytesTest.class);
    private static LoopGateway gateway;
    private static JobClient client;

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(folder, LoopGateway.Setup.usual().store(Flipping::new));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        TALLY.print();
    }

    /** Gives the bytes of downloads with one bit flipped while it is told to. */
    private static final class Flipping extends WatchedStore {
        Flipping(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return super.get(key, range, etag)
                    .map(found -> found.map(opened -> ON_THE_WAY
                            .get()
                            .map(random -> opened.withBytes(new FlippedSource(
                                    opened.bytes(), random.nextLong(opened.lengthBytes()), random.nextInt(Byte.SIZE))))
                            .orElse(opened)));
        }
    }

    private static final class FlippedSource implements ByteSource {
        private final ByteSource source;
        private final long at;
        private final int bit;
        private long passed;

        FlippedSource(ByteSource source, long at, int bit) {
            this.source = source;
            this.at = at;
            this.bit = bit;
        }

        @Override
        public Future<Buffer> next() {
            return source.next().map(chunk -> {
                long index = at - passed;
                passed += chunk.length();
                return index >= 0 && index < chunk.length() ? flipped(chunk, (int) index, bit) : chunk;
            });
        }

        @Override
        public void cancel() {
            source.cancel();
        }
    }

    private static Buffer flipped(Buffer chunk, int index, int bit) {
        Buffer other = Chunk.moveTo(Buffer.buffer(), chunk);
        other.setByte(index, (byte) (other.getByte(index) ^ 1 << bit));
        return other;
    }

    private static byte[] content(Random random) {
        int bytes = random.nextInt(20) == 0 ? random.nextInt(3 << 20) : random.nextInt(CONTENT_BYTES_MAX);
        byte[] content = new byte[1 + bytes];
        random.nextBytes(content);
        return content;
    }

    private static String id() {
        return client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
    }

    private static String idWith(byte[] content) {
        String id = id();
        assertEquals(
                200,
                client.send(client.request("/cache/" + id).PUT(BodyPublishers.ofByteArray(content)))
                        .status());
        return id;
    }

    /** Fails if somebody who asks for the file is told that this was all of it. */
    private static void isNeverWhole(String id, String how) {
        TALLY.injected(1);
        TALLY.refused(); // or what follows fails
        JobClient.Reply reply;
        try {
            reply = client.download(id);
        } catch (UncheckedIOException cut) {
            return;
        }
        assertFalse(reply.status() < 400, how + ": " + reply.status() + " with " + reply.body().length + " bytes");
        assertTrue(reply.headers().firstValue("Cache-Digest").isEmpty(), how);
    }

    @Test
    void ofAFileAtRest() throws IOException {
        Random random = new Random(SEED);
        for (int run = 0; run < FLIPS; run++) {
            String id = idWith(content(random));
            Path file = folder.resolve("entries").resolve(id.substring(0, 3)).resolve(id);
            byte[] bytes = Files.readAllBytes(file);
            int at = random.nextInt(bytes.length);
            boolean cut = random.nextInt(4) == 0;
            if (cut) {
                bytes = Arrays.copyOf(bytes, at);
            } else {
                bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            Files.write(file, bytes);
            isNeverWhole(id, "seed " + SEED + ", run " + run + (cut ? ", cut at " : ", flipped at ") + at);
        }
    }

    @Test
    void onTheWayFromTheStore() {
        Random random = new Random(SEED + 1);
        for (int run = 0; run < FLIPS; run++) {
            byte[] content = content(random);
            String id = idWith(content);
            ON_THE_WAY.set(Optional.of(random));
            try {
                isNeverWhole(id, "seed " + SEED + ", run " + run);
            } finally {
                ON_THE_WAY.set(Optional.empty());
            }
            assertArrayEquals(content, client.download(id).body());
            TALLY.verified(content.length);
        }
    }

    @Test
    void onTheWayFromTheClient() {
        Random random = new Random(SEED + 2);
        for (int run = 0; run < FLIPS; run++) {
            byte[] content = content(random);
            RunningDigest digest =
                    RunningDigest.of(random.nextBoolean() ? DigestAlgorithm.CRC32C : DigestAlgorithm.SHA_256);
            digest.update(Buffer.buffer(content));
            String id = id();
            int at = random.nextInt(content.length);
            byte[] sent = random.nextInt(4) == 0
                    ? Arrays.copyOf(content, at)
                    : flipped(Buffer.buffer(content), at, random.nextInt(Byte.SIZE))
                            .getBytes();
            JobClient.Reply reply = client.send(client.request("/cache/" + id)
                    .header("Content-Digest", digest.digest().member())
                    .PUT(BodyPublishers.ofByteArray(sent)));
            assertEquals(400, reply.status(), "seed " + SEED + ", run " + run);
            TALLY.injected(1);
            TALLY.refused();
            assertEquals(404, client.download(id).status());
        }
    }
}
