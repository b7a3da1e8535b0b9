package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.UploadsOfKey;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.FaultProxy.Fault;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** What clients get when S3 refuses, cuts, stalls or loses single calls: a real MinIO behind a proxy that does so. */
class StoreFaultsIT {

    private static final int FILE_BYTES = 12 << 20;
    private static final String ERROR =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InternalError</Code><Message>no</Message></Error>";
    private static final String PART = "^PUT .*partNumber=1";
    private static final String COMPLETE = "^POST .*uploadId=";
    private static final String ABORT = "^DELETE .*uploadId=";

    private static Vertx vertx;
    private static FaultProxy proxy;
    private static Gateway gateway;
    private static JobClient client;
    private static UploadsOfKey uploads;

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
        uploads = new UploadsOfKey(vertx, bucket);
        // A first lease waits for the probe of conditional writes, whose own parts would meet the faults.
        String probed = client.cacheId(new JsonObject().put("job", "probe"));
        assertEquals(201, client.ask(probed, new JsonObject()).status());
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
    void anEntryWithOldContent() {
        id = client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        assertEquals(200, client.upload(id, "old").status());
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    private static byte[] file() {
        return TestSource.bytes(7, 0, FILE_BYTES).getBytes();
    }

    private void theNewContentIsWhole() {
        assertArrayEquals(file(), client.download(id).body());
    }

    private void theOldContentIsWholeAndNoUploadIsLeft() {
        proxy.heal();
        assertEquals("old", new String(client.download(id).body(), java.nio.charset.StandardCharsets.UTF_8));
        Await.until("no upload is left", () -> uploads.of(id).isEmpty());
    }

    private static void saysTryLater(JobClient.Reply reply) {
        assertEquals(503, reply.status());
        assertTrue(reply.headers().firstValueAsLong("Retry-After").isPresent());
    }

    static Stream<Fault> passing() {
        return Stream.of(
                new Fault.Answer(503, ERROR.replace("InternalError", "SlowDown")),
                new Fault.Answer(429, ERROR.replace("InternalError", "TooManyRequests")),
                new Fault.Answer(500, ERROR),
                new Fault.CutRequest(0),
                new Fault.CutRequest(3_000_000),
                new Fault.CutReply(0),
                new Fault.CutReply(40));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aPartThatFailsOnceIsSentAgainAndTheClientNeverLearns(Fault fault) {
        int before = proxy.injected();
        proxy.once(PART, fault);

        assertEquals(200, client.upload(id, file()).status());
        assertEquals(1, proxy.injected() - before);
        theNewContentIsWhole();
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aPartThatFailsEachTimeFailsItsUploadOnly(Fault fault) {
        proxy.always(PART, fault);

        saysTryLater(client.upload(id, file()));
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    @Test
    void aPartIsTriedThreeTimesAtMost() {
        proxy.always(PART, new Fault.Answer(503, ERROR));
        long before = proxy.requests(PART);
        saysTryLater(client.upload(id, file()));

        assertEquals(3, proxy.requests(PART) - before);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404})
    void aPartThatIsRefusedIsNotSentAgain(int status) {
        proxy.always(PART, new Fault.Answer(status, ERROR));
        long before = proxy.requests(PART);
        saysTryLater(client.upload(id, file()));

        assertEquals(1, proxy.requests(PART) - before);
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    @Test
    void anErrorInsideACompletesGoodStatusIsAFailure() {
        proxy.always(COMPLETE, new Fault.Answer(200, ERROR));

        saysTryLater(client.upload(id, file()));
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    @Test
    void aCompleteWhoseReplyIsLostIsLookedUpAndFoundDone() {
        proxy.once(COMPLETE, new Fault.CutReply(0));

        assertEquals(200, client.upload(id, file()).status());
        theNewContentIsWhole();
    }

    @Test
    void aCompleteThatNeverArrivedIsLookedUpAndFoundNotDone() {
        proxy.always(COMPLETE, new Fault.CutRequest(0));

        saysTryLater(client.upload(id, file()));
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    /** Of the small calls: what is asked for, by which route. */
    private enum Small {
        LOOK("^HEAD /[^/]*/[^?]") {
            @Override
            int by(String id) {
                return client.upload(id, "new").status();
            }
        },
        RESERVE("^PUT /") {
            @Override
            int by(String id) {
                client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
                return 200; // it was, or the line above had thrown
            }
        },
        PUBLISH("^PUT /") {
            @Override
            int by(String id) {
                return client.upload(id, "new").status();
            }
        },
        READ("^GET /[^/]*/[^?]") {
            @Override
            int by(String id) {
                return client.download(id).status();
            }
        },
        LIST("^GET /[^/]*/?[?].*list-type") {
            @Override
            int by(String id) {
                return client.send(client.request("/cache?limit=1").GET()).status();
            }
        },
        BEGIN("^POST /.*uploads") {
            @Override
            int by(String id) {
                return client.upload(id, file()).status();
            }
        },
        PART(StoreFaultsIT.PART) {
            @Override
            int by(String id) {
                return client.upload(id, file()).status();
            }
        },
        COMPLETE(StoreFaultsIT.COMPLETE) {
            @Override
            int by(String id) {
                return client.upload(id, file()).status();
            }
        },
        REMOVE("^DELETE /[^?]*[?]X-Amz") {
            @Override
            int by(String id) {
                return client.delete(id).status();
            }
        };

        private final String line;

        Small(String line) {
            this.line = line;
        }

        abstract int by(String id);
    }

    static Stream<Arguments> everyCallAndWhatPasses() {
        Fault slowDown = new Fault.Answer(503, ERROR.replace("InternalError", "SlowDown"));
        List<Fault> conflicts = List.of(
                new Fault.Answer(409, ERROR.replace("InternalError", "OperationAborted")),
                new Fault.Answer(409, ERROR.replace("InternalError", "ConditionalRequestConflict")));
        List<Fault> whereRepeatingIsSafe = List.of(
                new Fault.Answer(500, ERROR),
                new Fault.Answer(502, "<html>Bad Gateway</html>"),
                new Fault.Answer(504, ""),
                new Fault.CutRequest(0),
                new Fault.CutReply(0));
        return Arrays.stream(Small.values())
                .flatMap(call -> Stream.of(
                                Stream.of(slowDown),
                                // The answer to a HEAD has no body, so S3 cannot say which conflict it means.
                                call == Small.LOOK ? Stream.<Fault>empty() : conflicts.stream(),
                                call == Small.REMOVE ? Stream.<Fault>empty() : whereRepeatingIsSafe.stream())
                        .flatMap(faults -> faults)
                        .map(fault -> Arguments.of(call, fault)));
    }

    @ParameterizedTest
    @MethodSource("everyCallAndWhatPasses")
    void oneFaultThatPassesIsNotSeenByTheClient(Small call, Fault fault) {
        int before = proxy.injected();
        proxy.once(call.line, fault);

        assertEquals(200, call.by(id));
        assertEquals(1, proxy.injected() - before, "the fault was meant for another line");
    }

    @Test
    void aSmallFilesPutWhoseReplyIsLostIsLookedUpAndFoundDone() {
        proxy.once("^PUT ", new Fault.CutReply(0));

        assertEquals(200, client.upload(id, "new").status());
        assertEquals("new", new String(client.download(id).body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"answer", "cut"})
    void anAbortThatFailsIsTriedAgainUntilNothingIsLeft(String kind) {
        proxy.always(PART, new Fault.Answer(503, ERROR));
        Fault fault = kind.equals("cut") ? new Fault.CutRequest(0) : new Fault.Answer(500, ERROR);
        proxy.once(ABORT, fault);
        proxy.nth(2, ABORT, fault);

        saysTryLater(client.upload(id, file()));
        Await.until("no upload is left", () -> uploads.of(id).isEmpty());
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    @Test
    void theReplyDoesNotWaitForTheAbort() {
        proxy.always(PART, new Fault.Answer(503, ERROR));
        proxy.once(ABORT, new Fault.Stall(0));
        long start = System.nanoTime();
        saysTryLater(client.upload(id, file()));

        assertTrue(System.nanoTime() - start < 8_000_000_000L, "the limit of an abort is longer");
    }

    @Test
    void anUploadWhoseFormIsTruncatedLeavesNothingWhenItsAbortFailsAtFirst() {
        proxy.once(ABORT, new Fault.Answer(500, ERROR));
        try (us.kbase.caching.testing.RawConnection connection =
                new us.kbase.caching.testing.RawConnection(gateway.port())) {
            connection.send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                    + "\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + FILE_BYTES + "\r\n\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n");
            connection.send(file(), 0, FILE_BYTES / 2).cut();
        }
        Await.until("the abort was refused once and sent again", () -> proxy.requests(ABORT) >= 2);
        theOldContentIsWholeAndNoUploadIsLeft();
    }

    @Test
    void whateverFailsAnUploadIsDoneOrChangesNothing() {
        List<Fault> faults = passing().toList();
        for (int seed = 0; seed < 8; seed++) {
            proxy.seeded(seed, 6, 2, faults);
            int status = client.upload(id, file()).status();
            proxy.heal();
            byte[] now = client.download(id).body();
            boolean isNew = java.util.Arrays.equals(file(), now);
            assertTrue(status == 200 ? isNew : status == 503, "seed " + seed + ": " + status);
            assertTrue(isNew || new String(now, java.nio.charset.StandardCharsets.UTF_8).equals("old"), "seed " + seed);
            Await.until("no upload is left", () -> uploads.of(id).isEmpty());
            assertEquals(200, client.upload(id, "old").status());
        }
    }
}
