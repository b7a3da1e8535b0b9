package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import us.kbase.caching.Gateway;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.Stores;

/** The policy of docs/install.md is all that a gateway needs: with a key that may do nothing else it serves, sweeps and purges. */
class LeastPrivilegeIT {

    private static final String BUCKET_OF_DOCUMENT = "kbase-cache";
    private static final int LARGE_BYTES = 40_000_000;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private S3Connection root;
    private S3Connection limited;
    private S3Connection elsewhere;

    @BeforeEach
    void limitTheKey() throws IOException, InterruptedException {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        root = server.get().bucket();
        limited = limitedTo(policy().replace(BUCKET_OF_DOCUMENT, root.bucket()));
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private static String policy() throws IOException {
        String text = Files.readString(Path.of("docs/install.md"));
        int begin = text.indexOf("```json\n", text.indexOf("## What the S3 key may do")) + "```json\n".length();
        return text.substring(begin, text.indexOf("```", begin));
    }

    /** A key for an hour (AssumeRole of AWS's Security Token Service, which MinIO speaks): the root's rights that the policy grants. */
    private S3Connection limitedTo(String policy) throws IOException, InterruptedException {
        byte[] form = ("Action=AssumeRole&Version=2011-06-15&Policy="
                        + URLEncoder.encode(policy, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        String type = "application/x-www-form-urlencoded";
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(r -> r.identity(AwsCredentialsIdentity.create(S3Servers.ACCESS_KEY, S3Servers.SECRET_KEY))
                        .request(SdkHttpRequest.builder()
                                .method(SdkHttpMethod.POST)
                                .uri(URI.create(root.endpoint() + "/"))
                                .putHeader("Content-Type", type)
                                .build())
                        .payload(() -> new ByteArrayInputStream(form))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
                .request();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root.endpoint() + "/")).POST(BodyPublishers.ofByteArray(form));
        signed.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            elsewhere = withKey("other-" + root.bucket(), answer.body());
            return withKey(root.bucket(), answer.body());
        }
    }

    private S3Connection withKey(String bucket, String key) {
        return new S3Connection(
                root.endpoint(),
                bucket,
                element(key, "AccessKeyId"),
                new Secret(element(key, "SecretAccessKey")),
                Optional.of(new Secret(element(key, "SessionToken"))),
                root.region(),
                root.pathStyle(),
                root.caFile(),
                root.connections(),
                root.waitMax());
    }

    private static String element(String xml, String name) {
        int begin = xml.indexOf("<" + name + ">") + name.length() + 2;
        return xml.substring(begin, xml.indexOf("</" + name + ">"));
    }

    private ObjectStore open(S3Connection connection) {
        return loop.call(() -> {
            ObjectStore opened = Stores.s3(vertx, connection);
            return opened.prepare().map(opened);
        });
    }

    @Test
    void theKeyMayDoNothingElse() {
        ObjectStore other = loop.call(() -> Future.succeededFuture(Stores.s3(vertx, elsewhere)));
        String said = String.valueOf(loop.failureOf(other::prepare));
        assertTrue(said.contains("AccessDenied") || said.contains("403"), said);
        loop.call(other::close);
    }

    @Test
    void lastUsesAreNotedAndOpenUploadsAreEnded() {
        ObjectStore store = open(limited);
        Buffer bytes = Buffer.buffer("a result");
        String key = "a".repeat(128);
        loop.call(() -> store.put(
                key,
                new Body(ByteSource.of(bytes), bytes.length()),
                Map.of("expiration", "99999999999", "filename", "a.txt", "token_id", "alice"),
                Guard.once(new Precondition.Absent())));
        loop.call(() -> store.upkeep().used(key, 20_000));
        assertEquals(20_000, loop.call(() -> store.upkeep().lastUsed(key)).orElseThrow());
        assertEquals(OpenUpload.Page.NONE, loop.call(() -> store.upkeep().openUploads(Optional.empty(), 10)));
        loop.call(() -> store.upkeep().abort(new OpenUpload(key, "gone", Instant.EPOCH)));
        loop.call(store::close);
    }

    @Test
    void jobsAndLeasesAreServed() {
        Gateway gateway =
                Await.result(Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(limited))));
        try (JobClient jobs = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = jobs.cacheId(new JsonObject().put("job", 1));
            String lease = jobs.ask(id, new JsonObject()).json().getString("lease");
            byte[] large = new byte[LARGE_BYTES];
            new Random(1).nextBytes(large);
            assertEquals(200, jobs.renew(id, lease).status());
            assertEquals(200, jobs.upload(id, "small", lease).status());
            assertEquals(200, jobs.upload(id, large).status());
            assertArrayEquals(large, jobs.download(id).body());
            assertEquals(200, jobs.delete(id).status());
        } finally {
            Await.result(gateway.close());
        }
    }

    @Test
    void whatExpiredIsSweptAndTheRestPurged() {
        ObjectStore all = open(root);
        for (String expiration : new String[] {"1", "99999999999"}) {
            Buffer bytes = Buffer.buffer("a result");
            loop.call(() -> all.put(
                    expiration.substring(0, 1).repeat(128),
                    new Body(ByteSource.of(bytes), bytes.length()),
                    Map.of("expiration", expiration, "filename", "a.txt", "token_id", "alice"),
                    Guard.once(new Precondition.Absent())));
        }
        ObjectStore store = open(limited);
        SweepReport swept = loop.call(() ->
                new Sweep(vertx, store, new StoreTime(InstantSource.system()), SweepOptionsForTests.EVERYTHING).run());
        assertEquals(0, swept.failed(), swept.summary());
        assertEquals(1, swept.removed(), swept.summary());
        assertEquals(1, loop.call(() -> new Purge(store).remove()).entries());
        assertEquals(0, loop.call(() -> all.list("", 10)).keys().size());
        loop.call(store::close);
        loop.call(all::close);
    }
}
