package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.S3Servers;

/** Leases on MinIO. */
class LeaseOnMinioTest extends LeaseHttpTest {
    @Override
    GatewayConfig.Store store(Path folder) {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        return Configs.store(server.get().bucket());
    }
}
