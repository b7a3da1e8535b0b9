package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.local.OwnersNote;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;

/** Where a gateway listens, and whom it tells, by name; no event loop looks one up, or the class fails ({@code NameServer}). */
class NamesOfAGatewayTest {

    @TempDir
    Path folder;

    private final List<Gateway> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(gateway -> Await.result(gateway.close()));
    }

    private static int port() {
        try {
            return S3Servers.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Future<Gateway> start(String http, String metrics, String cluster, String... members) {
        GatewayConfig usual = Configs.of(
                2,
                Map.of(JobClient.TOKEN, "alice"),
                new GatewayConfig.Store.Disk(folder.resolve(http + metrics), false));
        GatewayConfig named = new GatewayConfig(
                new GatewayConfig.Http(http, 0, 2, false, Set.of(), usual.http().stopGrace(), Optional.empty()),
                usual.auth(),
                usual.store(),
                usual.limits(),
                usual.expiry(),
                Optional.of(new Membership(
                        "names",
                        new Secret("a secret of thirty-two characters"),
                        Membership.Address.parse(cluster + ":" + port()),
                        Stream.of(members).map(Membership.Address::parse).toList())),
                Optional.of(new GatewayConfig.Metrics(
                        metrics, new GatewayConfig.Metrics.Port.Named(0), Optional.empty(), false)));
        return Gateway.start(named).onSuccess(started::add);
    }

    @Test
    void listensAtNames() {
        Gateway gateway = Await.result(start("here.test", "here.test", "here.test"));
        for (int port : List.of(gateway.port(), gateway.metricsPort().orElseThrow())) {
            try (RawConnection connection = new RawConnection(port)) {
                connection.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertTrue(connection.rest().startsWith("HTTP/1.1 "));
            }
        }
    }

    /** To commands the name could be another address, where nobody listens. */
    @Test
    void leavesCommandsTheAddressAndNotTheName() throws IOException {
        Gateway gateway = Await.result(start("here.test", "127.0.0.1", "127.0.0.1"));
        assertEquals(
                "http://127.0.0.1:" + gateway.port(),
                OwnersNote.find(folder.resolve("here.test127.0.0.1"))
                        .orElseThrow()
                        .address()
                        .toString());
    }

    @Test
    void beginsAlthoughNobodyAnswersForTheNameOfAMember() {
        Gateway gateway = Await.result(
                start("127.0.0.1", "127.0.0.1", "127.0.0.1", "member.silent.test:5701", "unknown.invalid"));
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertTrue(connection.rest().startsWith("HTTP/1.1 200 "));
        }
    }

    /** All at once, since each takes the five seconds that a start waits. */
    @Test
    void aStartThatNobodyAnswersEndsWithASentence() {
        String sentence =
                ": no name server told the address of own.silent.test within 5 s; set it to an address of this machine.";
        Future<Gateway> http = start("own.silent.test", "127.0.0.1", "127.0.0.1");
        Future<Gateway> metrics = start("127.0.0.1", "own.silent.test", "127.0.0.1");
        Future<Gateway> cluster = start("127.0.0.1", "127.0.0.1", "own.silent.test");
        assertEquals(
                "http.host" + sentence, Await.failure(IOException.class, http).getMessage());
        assertEquals(
                "metrics.host" + sentence,
                Await.failure(IOException.class, metrics).getMessage());
        assertEquals(
                "cluster.host" + sentence,
                Await.failure(IOException.class, cluster).getMessage());
    }

    @Test
    void aStartUnderAnUnknownNameEndsWithASentence() {
        assertEquals(
                "unknown.invalid is no address of this machine; set http.host (CACHING_HTTP_HOST) to one of its own.",
                Await.failure(IOException.class, start("unknown.invalid", "127.0.0.1", "127.0.0.1"))
                        .getMessage());
    }
}
