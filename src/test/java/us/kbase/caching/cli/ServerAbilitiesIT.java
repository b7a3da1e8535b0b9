package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;

/** What {@code check-config --connect} says of servers that are fit, and of one that is not. */
class ServerAbilitiesIT {

    private static GatewayConfig on(Optional<S3Servers.Server> server) {
        assumeTrue(server.isPresent(), "no such server on this machine");
        return Configs.of(
                1, Map.of("token", "alice"), Configs.store(server.orElseThrow().bucket()));
    }

    private static String note(GatewayConfig config) throws InterruptedException {
        Await.result(Gateway.start(config).compose(Gateway::close)); // which makes the bucket
        Reachability found = Reachability.of(config);
        assertEquals(List.of(), found.problems());
        return found.notes().getFirst();
    }

    private static void isFit(Optional<S3Servers.Server> server) throws InterruptedException {
        String note = note(on(server));
        assertTrue(
                note.endsWith("It keeps conditions on PutObject and CompleteMultipartUpload. It keeps tags."
                        + " It keeps crc32c checksums."),
                note);
    }

    @Test
    void minioIsFit() throws InterruptedException {
        isFit(S3Servers.minio());
    }

    @Test
    void versitygwIsFit() throws InterruptedException {
        isFit(S3Servers.versitygw());
    }

    /** It sends no request ids, by which a store's own word is told from that of whatever stands in its place. */
    @Test
    void motoIsNamedUnfit() throws InterruptedException {
        Reachability found = Reachability.of(on(S3Servers.moto()));
        assertEquals(1, found.problems().size(), found.problems().toString());
        String problem = found.problems().getFirst();
        assertTrue(problem.contains("is no S3 server that can be used"), problem);
        assertTrue(problem.contains("x-amz-request-id"), problem);
    }

    /** As moto would be if it had them: then its other fault shows. */
    @Test
    void motoWithRequestIdsIsNamedUnfitForLeasesAndTheyAnswerSo() throws InterruptedException {
        Optional<S3Servers.Server> moto = S3Servers.moto();
        assumeTrue(moto.isPresent(), "no moto on this machine");
        Vertx vertx = Vertx.vertx();
        try {
            NetServer naming = naming(vertx, moto.get().endpoint());
            URI endpoint = URI.create("http://127.0.0.1:" + naming.actualPort());
            GatewayConfig config = on(Optional.of(new S3Servers.Server("moto", endpoint)));
            String note = note(config);
            assertTrue(
                    note.contains("It ignores conditions on CompleteMultipartUpload: leases will answer 501."), note);
            leasesAnswer501(config);
        } finally {
            Await.result(vertx.close());
        }
    }

    private static void leasesAnswer501(GatewayConfig config) {
        Gateway gateway = Await.result(Gateway.start(config));
        try (JobClient client = new JobClient(gateway.port(), "token")) {
            String id = client.cacheId(new JsonObject().put("job", "moto"));
            assertEquals(200, client.upload(id, "content").status());
            assertEquals("content", new String(client.download(id).body(), StandardCharsets.UTF_8));
            String other = client.cacheId(new JsonObject().put("job", "other"));
            JobClient.Reply lease = client.ask(other, new JsonObject());
            assertEquals(501, lease.status());
            assertTrue(lease.json().getString("error").contains("CompleteMultipartUpload"), lease.json()::encode);
        } finally {
            Await.result(gateway.close());
        }
    }

    /** Puts a request id into the head of each reply; moto closes a connection after one. */
    private static NetServer naming(Vertx vertx, URI moto) {
        NetClient client = vertx.createNetClient();
        return Await.result(vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.pause();
                    client.connect(moto.getPort(), moto.getHost()).onSuccess(server -> {
                        boolean[] named = new boolean[1];
                        socket.handler(server::write);
                        server.handler(bytes -> {
                            int line = named[0]
                                    ? -1
                                    : bytes.toString(StandardCharsets.ISO_8859_1)
                                            .indexOf("\r\n");
                            named[0] = true;
                            socket.write(
                                    line < 0
                                            ? bytes
                                            : Buffer.buffer()
                                                    .appendBuffer(bytes.slice(0, line))
                                                    .appendString("\r\nx-amz-request-id: 1")
                                                    .appendBuffer(bytes.slice(line, bytes.length())));
                        });
                        server.closeHandler(v -> socket.close());
                        socket.closeHandler(v -> server.close());
                        socket.resume();
                    });
                })
                .listen(0, "127.0.0.1"));
    }
}
