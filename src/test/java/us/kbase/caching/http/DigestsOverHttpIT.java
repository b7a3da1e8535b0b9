package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestFolders;

/** What clients say of their files' digests, and what they are told, through real HTTP on every store. */
class DigestsOverHttpIT {

    private static final List<Site> SITES = new ArrayList<>();
    private static final byte[] CONTENT = "123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String BOUNDARY = "b0undary";

    /** A gateway and a client of it. */
    private record Site(String store, Gateway gateway, JobClient client) {
        @Override
        public String toString() {
            return store;
        }

        String idWith(byte[] content) {
            String id = id();
            assertEquals(200, client.upload(id, content).status());
            return id;
        }

        String id() {
            return client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        }

        JobClient.Reply put(String id, BodyPublisher content, String... headers) {
            return client.send(headed(id, headers).PUT(content));
        }

        /** A form whose file's part has these further lines. */
        JobClient.Reply form(String id, byte[] content, String partLines, String... headers) {
            Buffer form = Buffer.buffer("--" + BOUNDARY
                            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.bin\"\r\n" + partLines
                            + "\r\n")
                    .appendBytes(content)
                    .appendString("\r\n--" + BOUNDARY + "--\r\n");
            return client.send(headed(id, headers)
                    .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .POST(BodyPublishers.ofByteArray(form.getBytes())));
        }

        java.net.http.HttpRequest.Builder headed(String id, String... headers) {
            java.net.http.HttpRequest.Builder request = client.request("/cache/" + id);
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return request;
        }

        JobClient.Reply head(String id) {
            return client.send(client.request("/cache/" + id).method("HEAD", BodyPublishers.noBody()));
        }

        void holds(String id, byte[] content) {
            assertArrayEquals(content, client.download(id).body());
        }
    }

    private static Digest digest(DigestAlgorithm algorithm, byte[] content) {
        RunningDigest running = RunningDigest.of(algorithm);
        running.update(Buffer.buffer(content));
        return running.digest();
    }

    private static String header(JobClient.Reply reply, String name) {
        return reply.headers().firstValue(name).orElse("none");
    }

    private static String error(JobClient.Reply reply) {
        return reply.json().getString("error");
    }

    @BeforeAll
    static void start() {
        start("disk", new GatewayConfig.Store.Disk(TestFolders.create("digests"), false));
        S3Servers.all().forEach(server -> start(server.name(), Configs.store(server.bucket())));
    }

    private static void start(String name, GatewayConfig.Store store) {
        Gateway gateway = Await.result(Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), store)));
        SITES.add(new Site(name, gateway, new JobClient(gateway.port(), JobClient.TOKEN)));
    }

    @AfterAll
    static void stop() {
        SITES.forEach(site -> {
            site.client().close();
            Await.result(site.gateway().close());
        });
    }

    static Stream<Site> sites() {
        return SITES.stream();
    }

    /** Each way to name a digest of a raw file. */
    private static List<String[]> named(byte[] content) {
        String sha256 = digest(DigestAlgorithm.SHA_256, content).member();
        String sha512 = digest(DigestAlgorithm.SHA_512, content).member();
        return List.of(
                new String[] {"Content-Digest", sha256},
                new String[] {"Content-Digest", "unixsum=:AAA=:, " + sha512},
                new String[] {"Repr-Digest", sha256},
                new String[] {
                    "Repr-Digest", digest(DigestAlgorithm.CRC32C, content).member()
                },
                new String[] {
                    "Content-MD5", digest(DigestAlgorithm.MD5, content).base64()
                },
                new String[] {
                    "x-amz-checksum-crc32c",
                    digest(DigestAlgorithm.CRC32C, content).base64()
                },
                new String[] {
                    "X-Amz-Checksum-Crc64nvme",
                    digest(DigestAlgorithm.CRC64NVME, content).base64()
                });
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aFileThatHasTheDigestsThatAreNamedIsPublished(Site site) {
        for (String[] header : named(CONTENT)) {
            String id = site.id();
            assertEquals(
                    200,
                    site.put(id, BodyPublishers.ofByteArray(CONTENT), header).status(),
                    header[0]);
            site.holds(id, CONTENT);
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aFileThatHasNotIsRefusedAndTheOldContentStays(Site site) {
        byte[] old = {1, 2, 3};
        String id = site.idWith(old);
        for (String[] header : named("other".getBytes(StandardCharsets.US_ASCII))) {
            JobClient.Reply refused = site.put(id, BodyPublishers.ofByteArray(CONTENT), header);
            assertEquals(400, refused.status(), header[0]);
            assertTrue(error(refused).startsWith("The file is not what its digest says, "), error(refused));
        }
        site.holds(id, old);
    }

    @ParameterizedTest
    @MethodSource("sites")
    void noIdIsUsedUpByAFileThatIsRefused(Site site) {
        String id = site.id();
        String[] wrong = named(new byte[1]).get(0);
        assertEquals(
                400, site.put(id, BodyPublishers.ofByteArray(CONTENT), wrong).status());
        assertEquals(404, site.client().download(id).status());
        assertEquals(200, site.put(id, BodyPublishers.ofByteArray(CONTENT)).status());
    }

    /** Of every length at which a file goes another road to the store, with a length and without. */
    @ParameterizedTest
    @MethodSource("sites")
    void filesOfAnyLengthAreCompared(Site site) {
        Random random = new Random(52);
        for (int length : new int[] {0, 1, 70_000, 3 << 20, (5 << 20) + 70_000, 40 << 20}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            for (boolean known : new boolean[] {true, false}) {
                BodyPublisher body = known
                        ? BodyPublishers.ofByteArray(content)
                        : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(content));
                String id = site.id();
                String[] wrong = named(new byte[] {9}).get(0);
                assertEquals(400, site.put(id, body, wrong).status(), length + " " + known);
                assertEquals(404, site.client().download(id).status());
                String[] right = named(content).get(0);
                assertEquals(200, site.put(id, body, right).status(), length + " " + known);
                site.holds(id, content);
                assertEquals(right[1], header(site.head(id), "Repr-Digest"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aFormNamesDigestsInItsHeadOrBesideItsFile(Site site) {
        byte[] other = "other".getBytes(StandardCharsets.US_ASCII);
        String id = site.id();
        for (String[] wrong : named(other)) {
            assertEquals(
                    400,
                    site.form(id, CONTENT, wrong[0] + ": " + wrong[1] + "\r\n").status(),
                    wrong[0]);
        }
        String sha = digest(DigestAlgorithm.SHA_256, other).member();
        assertEquals(400, site.form(id, CONTENT, "", "Cache-File-Digest", sha).status());
        assertEquals(
                400,
                site.form(id, CONTENT, "cache-file-digest: " + sha + "\r\n").status());
        assertEquals(404, site.client().download(id).status());
        for (String[] right : named(CONTENT)) {
            assertEquals(
                    200,
                    site.form(id, CONTENT, right[0] + ": " + right[1] + "\r\n").status(),
                    right[0]);
        }
        String own = digest(DigestAlgorithm.SHA_256, CONTENT).member();
        assertEquals(200, site.form(id, CONTENT, "", "Cache-File-Digest", own).status());
        site.holds(id, CONTENT);
        assertEquals(own, header(site.head(id), "Repr-Digest"));
    }

    /** The original's clients may name digests of their forms: nobody has ever looked at them. */
    @ParameterizedTest
    @MethodSource("sites")
    void digestsOfAFormAreNotHeard(Site site) {
        String id = site.id();
        assertEquals(
                200,
                site.form(id, CONTENT, "", "Content-MD5", "AAAA", "Content-Digest", "sha-256=:AAAA:")
                        .status());
        site.holds(id, CONTENT);
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aDigestThatCannotBeReadIsRefusedInASentence(Site site) {
        String id = site.id();
        for (String header : List.of("Content-Digest", "Repr-Digest", "Content-MD5", "x-amz-checksum-crc32c")) {
            JobClient.Reply refused = site.put(id, BodyPublishers.ofByteArray(CONTENT), header, "sha-256=AAAA");
            assertEquals(400, refused.status(), header);
            assertTrue(error(refused).startsWith(header + " must be"), error(refused));
        }
        assertEquals(
                400,
                site.form(id, CONTENT, "", "Cache-File-Digest", "sha-256=:AAAA:")
                        .status());
        assertEquals(400, site.form(id, CONTENT, "Content-Digest: nonsense\r\n").status());
        assertEquals(404, site.client().download(id).status());
    }

    @ParameterizedTest
    @MethodSource("sites")
    void theChecksumIsToldWithTheFileItsRangesItsHeadAndItsMetadata(Site site) {
        String id = site.idWith(CONTENT);
        assertEquals("crc32c=:4waSgw==:", header(site.head(id), "Cache-Digest"));
        assertEquals("crc32c=:4waSgw==:", header(site.client().download(id), "Cache-Digest"));
        JobClient.Reply range = site.client()
                .send(site.client()
                        .request("/cache/" + id)
                        .header("Range", "bytes=2-4")
                        .GET());
        assertEquals("345", new String(range.body(), StandardCharsets.US_ASCII));
        assertEquals("none", header(site.head(id), "Repr-Digest"));
        JsonObject metadata = site.client()
                .send(site.client().request("/cache/" + id + "/metadata").GET())
                .json();
        assertEquals(new JsonObject().put("crc32c", "4waSgw=="), metadata.getJsonObject("digests"));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void aRefusalTellsNoDigest(Site site) {
        String id = site.idWith(CONTENT);
        JobClient.Reply refused = site.client()
                .send(site.client()
                        .request("/cache/" + id)
                        .header("Range", "bytes=99-")
                        .GET());
        assertEquals(416, refused.status());
        assertEquals("none", header(refused, "Cache-Digest"));
    }
}
