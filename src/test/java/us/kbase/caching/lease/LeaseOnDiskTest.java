package us.kbase.caching.lease;

import java.nio.file.Path;
import us.kbase.caching.config.GatewayConfig;

/** Leases on the embedded store. */
class LeaseOnDiskTest extends LeaseHttpTest {
    @Override
    GatewayConfig.Store store(Path folder) {
        return new GatewayConfig.Store.Disk(folder.resolve("data"), false);
    }
}
