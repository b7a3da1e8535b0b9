package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.Stores;

/** A bucket that keeps what is replaced or removed serves like any other, and who wants its room back is told. */
@ParameterizedClass(name = "{0}")
@EnumSource
class VersionedBucketIT {

    private static final int PARTS_OF_IT = 40 << 20;
    private static final String SAID = "The bucket has versions: what is replaced or removed still takes room";

    /** How it keeps them. */
    enum Kind {
        VERSIONS,
        OBJECT_LOCK,
        OBJECT_LOCK_FOR_A_DAY
    }

    @Parameter
    Kind kind;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private S3Connection bucket;
    private S3Calls calls;
    private Loop loop;

    @BeforeEach
    void make() {
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        bucket = minio.get().bucket();
        loop = new Loop(vertx);
        calls = loop.call(() -> Future.succeededFuture(Stores.calls(vertx, bucket)));
        loop.call(() -> S3Calls.future(calls.client()
                .createBucket(
                        create -> create.bucket(bucket.bucket()).objectLockEnabledForBucket(kind != Kind.VERSIONS))));
        loop.call(() -> switch (kind) {
            case VERSIONS -> keepVersions();
            case OBJECT_LOCK -> Future.<Void>succeededFuture();
            case OBJECT_LOCK_FOR_A_DAY -> lockForADay();
        });
    }

    private Future<Void> keepVersions() {
        return S3Calls.future(calls.client()
                        .putBucketVersioning(put -> put.bucket(bucket.bucket())
                                .versioningConfiguration(versions -> versions.status(BucketVersioningStatus.ENABLED))))
                .mapEmpty();
    }

    private Future<Void> lockForADay() {
        return S3Calls.future(calls.client()
                        .putObjectLockConfiguration(put -> put.bucket(bucket.bucket())
                                .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                                        .rule(rule -> rule.defaultRetention(retention -> retention
                                                .mode(ObjectLockRetentionMode.COMPLIANCE)
                                                .days(1))))))
                .mapEmpty();
    }

    @AfterEach
    void close() {
        calls.close();
        Await.result(vertx.close());
    }

    private Map<String, String> environment() {
        return Map.of(
                "MINIO_HOST", bucket.endpoint().getAuthority(),
                "MINIO_ACCESS_KEY", bucket.accessKey(),
                "MINIO_SECRET_KEY", bucket.secretKey().reveal(),
                "MINIO_BUCKET_NAME", bucket.bucket(),
                "CACHING_AUTH_TOKENS", JobClient.TOKEN + ":alice");
    }

    private Ended run(String... arguments) {
        return ServiceProcess.run(folder, environment(), arguments);
    }

    @Test
    void itServesLikeAnyOther() {
        Gateway gateway =
                Await.result(Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket))));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", kind.name()));
            JobClient.Reply leased = client.ask(id, new JsonObject());
            assertEquals(201, leased.status());
            assertEquals(
                    200,
                    client.upload(id, "small", leased.json().getString("lease")).status());
            assertEquals("small", new String(client.download(id).body()));
            byte[] large = new byte[PARTS_OF_IT];
            new Random(7).nextBytes(large);
            assertEquals(200, client.upload(id, large).status());
            assertArrayEquals(large, client.download(id).body());
            assertEquals(200, client.delete(id).status());
            assertEquals(404, client.download(id).status());
            assertEquals(id, client.cacheId(new JsonObject().put("job", kind.name())));
            assertEquals(200, client.upload(id, "again").status());
            assertEquals("again", new String(client.download(id).body()));
        } finally {
            Await.result(gateway.close());
        }
    }

    @Test
    void whoLooksAndWhoPurgesAreToldThatRoomDoesNotComeBack() {
        Ended looked = run("check-config", "--connect");
        assertEquals(0, looked.code(), looked.err());
        assertTrue(looked.out().contains("# " + SAID), looked.out());
        Ended purged = run("purge", "--yes");
        assertEquals(0, purged.code(), purged.err());
        assertTrue(purged.err().startsWith("caching-service: " + SAID), purged.err());
        assertEquals(1, purged.err().lines().count());
    }

    @Test
    void aPurgeLeavesNoEntry() {
        Gateway gateway =
                Await.result(Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket))));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", kind.name()));
            assertEquals(200, client.upload(id, "result").status());
            JsonObject purged = new JsonObject(run("purge", "--yes", "--json").out());
            assertEquals(List.of(1, 1), List.of(purged.getInteger("entries"), purged.getInteger("removed")));
            assertEquals(404, client.download(id).status());
        } finally {
            Await.result(gateway.close());
        }
    }
}
