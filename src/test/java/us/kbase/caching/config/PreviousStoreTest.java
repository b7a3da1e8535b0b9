package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that results are moved from: nothing is asked of it unless it is named, and then all that is missing is told. */
class PreviousStoreTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aBucket() {
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put("CACHING_STORE_S3_ENDPOINT", "http://new:9000");
        environment.put("CACHING_STORE_S3_SECRET_KEY", "a-secret-of-the-test");
    }

    private GatewayConfig load() throws ConfigException {
        return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                .config();
    }

    private void refused(String... clauses) {
        List<String> problems = assertThrows(ConfigException.class, this::load).problems();
        assertEquals(clauses.length, problems.size(), problems.toString());
        for (int i = 0; i < clauses.length; i++) {
            assertTrue(problems.get(i).contains(clauses[i]), problems.get(i));
        }
    }

    @Test
    void isNoneWithoutAWord() throws Exception {
        assertEquals(Optional.empty(), load().previous());
    }

    @Test
    void isABucketOfAnotherServer() throws Exception {
        environment.put("CACHING_PREVIOUS_TYPE", "s3");
        environment.put("CACHING_PREVIOUS_S3_ENDPOINT", "http://old:9000");
        environment.put("CACHING_PREVIOUS_S3_SECRET_KEY", "another-secret-of-the-test");
        GatewayConfig.Store.S3 previous =
                (GatewayConfig.Store.S3) load().previous().orElseThrow();
        assertEquals(URI.create("http://old:9000"), previous.connection().endpoint());
        assertEquals("kbase-cache", previous.connection().bucket());
    }

    @Test
    void isAFolder() throws Exception {
        environment.put("CACHING_PREVIOUS_TYPE", "disk");
        environment.put("CACHING_PREVIOUS_DISK_PATH", "old");
        assertTrue(load().previous().orElseThrow() instanceof GatewayConfig.Store.Disk disk
                && disk.path().equals(Path.of("old")));
    }

    @Test
    void mustBeNamedWhole() {
        environment.put("CACHING_PREVIOUS_TYPE", "s3");
        refused("previous.s3.endpoint is missing", "previous.s3.secret-key is missing");
        environment.put("CACHING_PREVIOUS_TYPE", "disk");
        refused("previous.disk.path is missing");
    }

    @Test
    void cannotBeTheStoreItself() {
        environment.put("CACHING_PREVIOUS_TYPE", "s3");
        environment.put("CACHING_PREVIOUS_S3_ENDPOINT", "http://new:9000");
        environment.put("CACHING_PREVIOUS_S3_SECRET_KEY", "a-secret-of-the-test");
        refused("names the store itself");
    }
}
