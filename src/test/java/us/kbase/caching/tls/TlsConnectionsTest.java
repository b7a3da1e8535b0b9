package us.kbase.caching.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.testing.TlsConnection;

/** The edge of a connection by TLS: what holds for plain sockets holds here, and certificates change under transfers. */
class TlsConnectionsTest {

    /** More than the kernel keeps answers to. */
    private static final int REKEYS = 300_000;

    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir
    Path data;

    @TempDir
    Path pem;

    private TestCertificates ca;
    private TlsFiles files;

    private LoopGateway gateway(ClientTimeouts timeouts, MemoryPlan memory) {
        ca = new TestCertificates(pem, "ca");
        files = ca.signed("server");
        return gateway(files, timeouts, memory);
    }

    private LoopGateway gateway(TlsFiles shown, ClientTimeouts timeouts, MemoryPlan memory) {
        return LoopGateway.on(
                data,
                LoopGateway.Setup.usual()
                        .patience(timeouts)
                        .memory(memory)
                        .tls(vertx -> Await.result(ServerTls.open(vertx, shown, SOON))));
    }

    private LoopGateway gateway() {
        return gateway(ClientTimeouts.USUAL, MemoryPlan.ofThisProcess());
    }

    private JobClient client(LoopGateway gateway) {
        return new JobClient(gateway.port(), JobClient.TOKEN, ca.client());
    }

    private static String id(JobClient client) {
        return client.cacheId(new JsonObject().put("job", "tls"));
    }

    private static String put(String id, int length) {
        return "PUT /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 100_000, 9_000_000})
    void aFileGoesUpAndDown(int length) {
        try (LoopGateway gateway = gateway();
                JobClient client = client(gateway)) {
            String id = id(client);
            byte[] content = random(length);
            assertEquals(200, client.upload(id, content).status());
            assertArrayEquals(content, client.download(id).body());
        }
    }

    @Test
    void aClientThatSentAllAndSaysGoodbyeIsAnswered() throws IOException {
        try (LoopGateway gateway = gateway();
                JobClient client = client(gateway);
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            String id = id(client);
            connection.send(put(id, 4)).send("done").endOutput();
            assertEquals("HTTP/1.1 200 OK", connection.status());
        }
    }

    @Test
    void aClientThatLeavesInTheMiddlePublishesNothing() throws IOException {
        try (LoopGateway gateway = gateway();
                JobClient client = client(gateway);
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            String id = id(client);
            connection.send(put(id, 8)).send("half").endBelow();
            assertEquals("", connection.status());
            assertEquals(404, client.download(id).status());
        }
    }

    @Test
    void requestsBehindEachOtherAreAnsweredInTheirOrder() throws IOException {
        try (LoopGateway gateway = gateway();
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            connection.send(
                    "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String all = connection.rest();
            assertTrue(all.indexOf("HTTP/1.1 200 OK") >= 0, all);
            assertTrue(all.indexOf("HTTP/1.1 404 Not Found") > all.indexOf("HTTP/1.1 200 OK"), all);
        }
    }

    @Test
    void aRefusedBodyIsAnsweredBeforeItsConnectionEnds() throws IOException {
        try (LoopGateway gateway = gateway();
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            connection.send("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
            String answer = connection.rest();
            assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
        }
    }

    @Test
    void aClientMayAskForNewKeys() throws IOException {
        try (LoopGateway gateway = gateway();
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            for (int i = 0; i < 3; i++) {
                connection.rekey();
            }
            connection.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", connection.status());
        }
    }

    @Test
    void whoAsksForNewKeysWithoutEndAndReadsNothingIsCut() throws IOException {
        try (LoopGateway gateway = gateway();
                TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < REKEYS; i++) {
                    connection.rekey();
                }
            });
        }
    }

    @Test
    void whoDoesNotBeginAHandshakeIsEndedInTime() {
        try (LoopGateway gateway = gateway(LoopGateway.SHORT, MemoryPlan.ofThisProcess());
                RawConnection silent = new RawConnection(gateway.port())) {
            assertEquals("", silent.rest());
        }
    }

    @Test
    void aSilentUploadIsAnswered408() throws IOException {
        try (LoopGateway gateway = gateway(LoopGateway.SHORT, MemoryPlan.ofThisProcess());
                JobClient client = client(gateway)) {
            String id = id(client);
            try (TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
                connection.send(put(id, 1000)).send("a");
                assertEquals("HTTP/1.1 408 Request Timeout", connection.status());
            }
        }
    }

    @Test
    void aDownloadOfWhichNothingIsTakenIsCut() throws IOException {
        MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);
        try (LoopGateway gateway = gateway(LoopGateway.SHORT, memory);
                JobClient client = client(gateway)) {
            String id = id(client);
            byte[] content = random(40 << 20);
            assertEquals(200, client.upload(id, content).status());
            try (TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
                connection.send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n\r\n");
                assertEquals("HTTP/1.1 200 OK", connection.status());
                Await.until("the request's end", () -> memory.heads().usedBytes() == 0);
                assertTrue(connection.restBytes() < content.length);
            }
        }
    }

    @Test
    void plainHttpIsNotAnswered() {
        try (LoopGateway gateway = gateway();
                RawConnection plain = new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertTrue(!plain.rest().contains("HTTP"));
        }
    }

    @Test
    void connectionsArePaidForBeforeTheirHandshake() {
        MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);
        try (LoopGateway gateway = gateway(ClientTimeouts.USUAL, memory);
                RawConnection silent = new RawConnection(gateway.port())) {
            Await.until(
                    "the payment for " + silent, () -> memory.connections().usedBytes() > ServerTls.CONNECTION_BYTES);
        }
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAndDropsNoneOfTwentyTransfers() throws IOException {
        List<TlsConnection> uploads = new ArrayList<>();
        List<TlsConnection> downloads = new ArrayList<>();
        byte[] content = random(30 << 20); // more than sockets hold
        try (LoopGateway gateway = gateway();
                JobClient client = client(gateway)) {
            String large = id(client);
            assertEquals(200, client.upload(large, content).status());
            for (int i = 0; i < 10; i++) {
                TlsConnection upload = new TlsConnection(gateway.port(), ca.client());
                uploads.add(upload);
                String id = client.cacheId(new JsonObject().put("job", "transfer " + i));
                upload.send(put(id, 8)).send("half");
                TlsConnection download = new TlsConnection(gateway.port(), ca.client());
                downloads.add(download);
                download.send("GET /v1/cache/" + large + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n" + "Connection: close\r\n\r\n");
                assertEquals("HTTP/1.1 200 OK", download.status());
            }
            BigInteger before = uploads.getFirst().certificate().getSerialNumber();
            ca.signed("server");
            Await.until("the new certificate", () -> !before.equals(shown(gateway)));
            for (TlsConnection upload : uploads) {
                assertEquals("HTTP/1.1 200 OK", upload.send("half").status());
            }
            for (TlsConnection download : downloads) {
                assertArrayEquals(content, download.rest().getBytes(StandardCharsets.ISO_8859_1));
            }
        } finally {
            uploads.forEach(TlsConnection::close);
            downloads.forEach(TlsConnection::close);
        }
    }

    private BigInteger shown(LoopGateway gateway) {
        try (TlsConnection connection = new TlsConnection(gateway.port(), ca.client())) {
            return connection.certificate().getSerialNumber();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filesThatCannotBeUsedChangeNothingAndAreNamed() throws IOException {
        try (LogCapture log = new LogCapture();
                LoopGateway gateway = gateway()) {
            BigInteger before = shown(gateway);
            Files.writeString(files.certificate(), "none");
            Await.until("the refusal", () -> kept(log) > 0);
            assertEquals(before, shown(gateway));
            String begin = "The certificate stays as it was: TLS cannot be used: " + files.certificate();
            assertTrue(
                    log.lines().stream().anyMatch(line -> line.startsWith(begin)),
                    log.lines().toString());
        }
    }

    private static long kept(LogCapture log) {
        return log.lines().stream()
                .filter(line -> line.startsWith("The certificate stays"))
                .count();
    }

    @Test
    void aLookThatFindsTheSameWrongFilesSaysNothingMore() throws IOException {
        Vertx vertx = Vertx.vertx();
        try (LogCapture log = new LogCapture()) {
            files = new TestCertificates(pem, "ca").signed("server");
            ServerTls tls = Await.result(ServerTls.open(vertx, files, SOON));
            Files.writeString(files.key(), "none");
            Await.until("the refusal", () -> tls.failedReloads() == 1);
            Await.until("many looks", () -> tls.looks() > 5);
            assertEquals(1, tls.failedReloads());
            assertEquals(1, kept(log));
        } finally {
            Await.result(vertx.close());
        }
    }

    @Test
    void whereClientsNeedACertificateOnlyThoseWithOneAreServed() throws IOException {
        ca = new TestCertificates(pem, "ca");
        TlsFiles server = ca.signed("server");
        files = new TlsFiles(server.certificate(), server.key(), Optional.of(ca.caFile()));
        try (LoopGateway gateway = gateway(files, ClientTimeouts.USUAL, MemoryPlan.ofThisProcess());
                JobClient known = new JobClient(gateway.port(), JobClient.TOKEN, ca.clientWithCertificate());
                JobClient unknown = new JobClient(gateway.port(), JobClient.TOKEN, ca.client())) {
            assertEquals(128, id(known).length());
            assertThrows(UncheckedIOException.class, () -> id(unknown));
        }
    }
}
