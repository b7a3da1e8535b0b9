package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;

/** A start that fails leaves nothing behind. */
class GatewayStartTest {

    @TempDir
    Path folder;

    @Test
    void whateverIsThrownInItTheFolderIsFreeAfterwards() throws IOException {
        GatewayConfig usual =
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder, false));
        GatewayConfig broken = new GatewayConfig(
                usual.http(),
                null, // a fault of ours, whatever it is
                usual.store(),
                usual.limits(),
                usual.expiry(),
                Optional.empty(),
                Optional.empty());
        assertThrows(AssertionError.class, () -> Await.result(Gateway.start(broken)));
        DataFolder.open(folder).close();
    }
}
