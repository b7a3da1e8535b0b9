package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.FaultProxy.Fault;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** That downloads and uploads give back the memory they were read into, however they end; on MinIO behind a proxy. */
class ForwardPoolIT {

    private static final int FILE_BYTES = 40 << 20;
    private static final int READ_FIRST_BYTES = 100_000;
    private static final int HELD_BYTES = 4 << 20;
    private static final int CHUNK_BYTES = 300_000;
    private static final String CHUNK_HEAD = Integer.toHexString(CHUNK_BYTES + 1) + "\r\n";
    private static final String FORM_HEAD =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final byte[] file = TestSource.bytes(5, 0, FILE_BYTES).getBytes();
    private FaultProxy proxy;
    private Gateway gateway;
    private JobClient client;
    private String id;
    private long takenBefore;
    private long heldBefore;

    @BeforeEach
    void start() {
        takenBefore = ForwardPool.takenBytes();
        heldBefore = HeldBody.takenBytes();
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        S3Connection bucket = minio.get().bucket();
        proxy = FaultProxy.before(vertx, bucket.endpoint());
        gateway = Await.result(
                Gateway.start(Configs.of(2, Map.of(JobClient.TOKEN, "alice"), Configs.store(proxy.through(bucket)))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        id = client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        assertEquals(200, client.upload(id, file).status());
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            client.close();
            Await.result(gateway.close());
            proxy.close();
        }
        Await.result(vertx.close());
    }

    /** Requests for this file, not for uploads of its key: a connection whose last request was another may stay open, idle. */
    private String get() {
        return "^GET /[^?]*" + id + ".*";
    }

    private RawConnection reader() {
        RawConnection reader = new RawConnection(gateway.port(), 16 << 10)
                .send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n");
        assertTrue(reader.head().startsWith("HTTP/1.1 200"));
        assertArrayEquals(Arrays.copyOf(file, READ_FIRST_BYTES), reader.read(READ_FIRST_BYTES));
        return reader;
    }

    private void everythingComesBack() {
        Await.until(
                "all memory came back",
                () -> ForwardPool.takenBytes() <= takenBefore && HeldBody.takenBytes() <= heldBefore);
    }

    @Test
    void afterADownload() {
        assertArrayEquals(file, client.download(id).body());
        everythingComesBack();
    }

    @Test
    void afterReadersThatStoodStillAreGone() {
        List<RawConnection> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(reader());
        }
        Await.until("chunks wait for readers", () -> ForwardPool.takenBytes() > takenBefore + FILE_BYTES / 20);
        readers.forEach(RawConnection::cut);
        everythingComesBack();
    }

    @Test
    void afterAReaderStoodStillAndWentOn() {
        try (RawConnection reader = reader()) {
            Await.until("a chunk waits for the reader", () -> ForwardPool.takenBytes() > takenBefore);
            reader.read(FILE_BYTES - READ_FIRST_BYTES);
            everythingComesBack();
        }
    }

    @Test
    void afterTheStoreCutADownloadForGood() {
        proxy.once(get(), new Fault.CutReply(10_000_000));
        proxy.always(get(), new Fault.CutReply(100));
        try (RawConnection reader = reader()) {
            assertTrue(reader.readUntilCut().length < FILE_BYTES - READ_FIRST_BYTES);
        }
        proxy.heal();
        everythingComesBack();
    }

    @Test
    void afterUploads() {
        assertEquals(200, client.upload(id, file).status());
        assertEquals(200, client.upload(id, Arrays.copyOf(file, HELD_BYTES)).status());
        everythingComesBack();
    }

    /** A piece that is released twice becomes two uploads' memory: of lengths that are held in one piece, in two, and in many. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4_000, 65_000, 65_536, 65_537, 80_000, 98_000, 98_304, 98_305, 200_000})
    void afterManyUploadsAtOnceThatAreHeldAndEachIsWhatWasSent(int bytes) {
        IntStream.range(0, 24).parallel().forEach(i -> {
            String own = client.cacheId(new JsonObject().put("held", bytes).put("number", i));
            byte[] content = TestSource.bytes(i, 0, bytes).getBytes();
            assertEquals(200, client.upload(own, content).status());
            assertArrayEquals(content, client.download(own).body());
        });
        everythingComesBack();
    }

    @Test
    void afterUploadsWereCut() {
        List<RawConnection> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            senders.add(form("Content-Length: " + FILE_BYTES).send(file, 0, 2_000_000));
        }
        senders.forEach(RawConnection::cut);
        everythingComesBack();
    }

    @Test
    void afterUploadsOfUnknownLengthWereCut() {
        List<RawConnection> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            senders.add(form("Transfer-Encoding: chunked").send(CHUNK_HEAD).send(file, 0, CHUNK_BYTES));
        }
        Await.until("bytes are held", () -> HeldBody.takenBytes() > heldBefore);
        senders.forEach(RawConnection::cut);
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(ints = {HELD_BYTES, FILE_BYTES})
    void afterTheStoreTookNothing(int bytes) {
        proxy.always("^PUT ", new Fault.Answer(503, "<Error><Code>SlowDown</Code></Error>"));
        assertEquals(503, client.upload(id, Arrays.copyOf(file, bytes)).status());
        proxy.heal();
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(ints = {HELD_BYTES, FILE_BYTES})
    void afterTheStoreCutAnUploadForGood(int bytes) {
        proxy.always("^PUT ", new Fault.CutRequest(1_000_000));
        assertEquals(503, client.upload(id, Arrays.copyOf(file, bytes)).status());
        proxy.heal();
        everythingComesBack();
    }

    @Test
    void afterTheStoreStoodStillAndTheSenderLeft() {
        proxy.always("^PUT ", new Fault.Stall(100_000));
        try (RawConnection sender = form("Content-Length: " + FILE_BYTES).send(file, 0, 1_000_000)) {
            Await.until("a chunk waits for the store", () -> ForwardPool.takenBytes() > takenBefore);
            sender.cut();
        }
        proxy.heal();
        everythingComesBack();
    }

    @Test
    void afterRequestsThatWereSentRightBehindAnUpload() {
        String form = FORM_HEAD + "x".repeat(200_000) + "\r\n--b--\r\n";
        String head = "HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n";
        String upload = "POST /v1/cache/" + id + " " + head
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + form.length() + "\r\n\r\n"
                + form;
        try (RawConnection sender = new RawConnection(gateway.port())) {
            sender.send(upload + "GET /v1/cache/" + id + " " + head + "Connection: close\r\n\r\n" + upload);
            assertTrue(new String(sender.readUntilCut(), StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 200"));
        }
        everythingComesBack();
        assertEquals(200, client.upload(id, file).status());
        assertArrayEquals(file, client.download(id).body());
    }

    private RawConnection form(String framing) {
        return new RawConnection(gateway.port(), 16 << 10)
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + framing
                        + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
                        + (framing.endsWith("chunked") ? Integer.toHexString(FORM_HEAD.length()) + "\r\n" : "")
                        + FORM_HEAD
                        + (framing.endsWith("chunked") ? "\r\n" : ""));
    }
}
