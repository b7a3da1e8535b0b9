package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.FaultProxy.Fault;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** Downloads whose reader or whose store stands still, or whose store cuts them; on MinIO behind a proxy. */
class StalledReaderIT {

    private static final int FILE_BYTES = 40 << 20;
    private static final int SOCKET_BYTES = 16 << 10;
    private static final int READ_FIRST_BYTES = 200_000;

    /** A reader keeps a key of MinIO locked until MinIO cuts it, after about 30 s. */
    private static final Duration WHILE_MINIO_WOULD_WAIT = Duration.ofSeconds(20);

    private static Vertx vertx;
    private static FaultProxy proxy;
    private static Gateway gateway;
    private static JobClient client;
    private static byte[] file;

    private String id;

    @BeforeAll
    static void start() {
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        S3Connection bucket = minio.get().bucket();
        vertx = Vertx.vertx();
        proxy = FaultProxy.before(vertx, bucket.endpoint());
        gateway = Await.result(
                Gateway.start(Configs.of(2, Map.of(JobClient.TOKEN, "alice"), Configs.store(proxy.through(bucket)))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        file = TestSource.bytes(5, 0, FILE_BYTES).getBytes();
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            client.close();
            Await.result(gateway.close());
            proxy.close();
            Await.result(vertx.close());
        }
    }

    @BeforeEach
    void aLargeFile() {
        id = client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        assertEquals(200, client.upload(id, file).status());
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    /** Requests for this file, not for uploads of its key: a connection whose last request was another may stay open, idle. */
    private String get() {
        return "^GET /[^?]*" + id + ".*";
    }

    private RawConnection reader() {
        RawConnection reader = new RawConnection(gateway.port(), SOCKET_BYTES)
                .send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n");
        assertTrue(reader.head().startsWith("HTTP/1.1 200"));
        assertArrayEquals(Arrays.copyOf(file, READ_FIRST_BYTES), reader.read(READ_FIRST_BYTES));
        return reader;
    }

    @Test
    void whileAReaderStandsStillItsFileCanBeReplacedAndDeletedAndItIsNeverGivenAMix() {
        try (RawConnection reader = reader()) {
            long start = System.nanoTime();
            assertEquals(200, client.upload(id, "replaced").status());
            assertEquals(200, client.delete(id).status());
            assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(WHILE_MINIO_WOULD_WAIT) < 0);

            byte[] rest = reader.readUntilCut();
            assertTrue(READ_FIRST_BYTES + rest.length < FILE_BYTES, "ended short, and not by a clean end");
            assertArrayEquals(
                    Arrays.copyOfRange(file, READ_FIRST_BYTES, READ_FIRST_BYTES + rest.length), rest, "old bytes only");
        }
    }

    @Test
    void aReaderThatGoesOnAfterAPauseGetsTheWholeFile() {
        long before = proxy.requests(get());
        try (RawConnection reader = reader()) {
            Await.until("the store stream was given back", () -> proxy.openReplies(get()) == 0);
            byte[] rest = reader.read(FILE_BYTES - READ_FIRST_BYTES);

            assertArrayEquals(Arrays.copyOfRange(file, READ_FIRST_BYTES, FILE_BYTES), rest);
            // The first of all, then of 1, 2, 4, 8 and 16 MiB, and of the rest.
            assertEquals(7, proxy.requests(get()) - before);
        }
    }

    @Test
    void aDownloadThatTheStoreCutsGoesOnUnnoticed() {
        long before = proxy.requests(get());
        proxy.once(get(), new Fault.CutReply(20_000_000));

        assertArrayEquals(file, client.download(id).body());
        assertEquals(2, proxy.requests(get()) - before);
    }

    @Test
    void aDownloadThatTheStoreStallsGoesOnUnnoticed() {
        proxy.once(get(), new Fault.StallReply(20_000_000));

        assertArrayEquals(file, client.download(id).body());
    }

    @Test
    void aDownloadThatTheStoreCutsAgainAndAgainIsResetAndNeverEndsShort() {
        proxy.once(get(), new Fault.CutReply(20_000_000));
        proxy.always(get(), new Fault.CutReply(100));
        try (RawConnection reader = reader()) {
            byte[] rest = reader.readUntilCut();
            assertTrue(READ_FIRST_BYTES + rest.length < FILE_BYTES);
            assertArrayEquals(Arrays.copyOfRange(file, READ_FIRST_BYTES, READ_FIRST_BYTES + rest.length), rest);
        }
    }
}
