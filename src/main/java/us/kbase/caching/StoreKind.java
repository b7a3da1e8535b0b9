package us.kbase.caching;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.function.Supplier;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;

/**
 * The configured store: what all event loops share, and how one loop gets its own part of it.
 *
 * @param perLoop makes the store that one event loop uses; to be called on that loop
 * @param shared what is closed once, after all loops
 */
record StoreKind(Supplier<ObjectStore> perLoop, AutoCloseable shared) {

    static StoreKind open(Vertx vertx, GatewayConfig config) throws IOException {
        return switch (config.store()) {
            case GatewayConfig.Store.Disk disk -> {
                DataFolder folder = DataFolder.open(disk.path().toAbsolutePath());
                ObjectStore store = new DiskObjectStore(vertx, folder, disk.fsync());
                yield new StoreKind(() -> store, folder);
            }
            case GatewayConfig.Store.S3 s3 -> throw new IOException("not yet");
        };
    }
}
