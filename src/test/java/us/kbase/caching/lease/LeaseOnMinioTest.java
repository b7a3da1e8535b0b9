package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.store.s3.S3Connection;
import us.kbase.caching.testing.S3Servers;

/** Leases on MinIO. */
class LeaseOnMinioTest extends LeaseHttpTest {
    @Override
    GatewayConfig.Store store(Path folder) {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        S3Connection bucket = server.get().bucket();
        return new GatewayConfig.Store.S3(
                bucket.endpoint(),
                bucket.bucket(),
                bucket.accessKey(),
                bucket.secretKey(),
                Optional.empty(),
                bucket.region(),
                true,
                Optional.empty());
    }
}
