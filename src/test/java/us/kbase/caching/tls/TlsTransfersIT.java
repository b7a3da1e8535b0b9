package us.kbase.caching.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.testing.TestFolders;

/** Files through a gateway that speaks https, on every store. */
class TlsTransfersIT {

    private static final List<Site> SITES = new ArrayList<>();

    @TempDir
    static Path folder;

    private static TestCertificates ca;

    private record Site(String store, Gateway gateway, JobClient client) {
        @Override
        public String toString() {
            return store;
        }

        String id() {
            return client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        }
    }

    static List<Site> sites() {
        return SITES;
    }

    @BeforeAll
    static void start() {
        ca = new TestCertificates(folder, "ca");
        TlsFiles files = ca.signed("server");
        start("disk", files, new GatewayConfig.Store.Disk(TestFolders.create("tls"), false));
        S3Servers.all().forEach(server -> start(server.name(), files, Configs.store(server.bucket())));
    }

    private static void start(String name, TlsFiles files, GatewayConfig.Store store) {
        GatewayConfig config = Configs.withTls(files, Configs.of(2, Map.of(JobClient.TOKEN, "alice"), store));
        Gateway gateway = Await.result(Gateway.start(config));
        SITES.add(new Site(name, gateway, new JobClient(gateway.port(), JobClient.TOKEN, ca.client())));
    }

    @AfterAll
    static void stop() {
        SITES.forEach(site -> {
            site.client().close();
            Await.result(site.gateway().close());
        });
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aFormIsPublishedAndServedByteForByte(Site site) {
        byte[] content = random(70 << 20);
        String id = site.id();
        assertEquals(200, site.client().upload(id, content).status());
        assertArrayEquals(content, site.client().download(id).body());
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aBodyOfUnknownLengthIsPublishedAndARangeOfItServed(Site site) {
        byte[] content = random(11_000_003);
        String id = site.id();
        JobClient.Reply put = site.client()
                .send(site.client()
                        .request("/cache/" + id)
                        .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))));
        assertEquals(200, put.status());
        JobClient.Reply range = site.client()
                .send(site.client()
                        .request("/cache/" + id)
                        .header("Range", "bytes=1000000-9999999")
                        .GET());
        assertEquals(206, range.status());
        assertArrayEquals(Arrays.copyOfRange(content, 1_000_000, 10_000_000), range.body());
    }
}
