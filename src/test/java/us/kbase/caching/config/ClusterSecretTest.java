package us.kbase.caching.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.secret.Secret;

class ClusterSecretTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void cluster() {
        environment.put("CACHING_CLUSTER_ENABLED", "true");
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put("CACHING_STORE_S3_SECRET_KEY", "key");
    }

    private GatewayConfig load() throws ConfigException {
        return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                .config();
    }

    private String problem() {
        List<String> problems = assertThrows(ConfigException.class, this::load).problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    @Test
    void isNeededByAClusterAndToldHowToMake() {
        String problem = problem();
        assertTrue(problem.contains("cluster.secret is missing"), problem);
        assertTrue(problem.contains("openssl rand -hex 32"), problem);
    }

    @Test
    void isNotNeededWithoutACluster() throws Exception {
        environment.put("CACHING_CLUSTER_ENABLED", "false");
        assertEquals(Optional.empty(), load().cluster());
    }

    @Test
    void thatIsShortIsRefusedAndNotShown() {
        environment.put("CACHING_CLUSTER_SECRET", "short-one");
        String problem = problem();
        assertTrue(problem.contains("cluster.secret must be at least 32 characters"), problem);
        assertFalse(problem.contains("short-one"), problem);
    }

    @Test
    void mayBeAPhrase() throws Exception {
        environment.put("CACHING_CLUSTER_SECRET", "a secret of thirty-two characters");
        assertEquals(
                new Secret("a secret of thirty-two characters"),
                load().cluster().orElseThrow().secret());
    }

    @Test
    void mayStandInAFileOfItsOwn() throws Exception {
        environment.put(
                "CACHING_CLUSTER_SECRET_FILE",
                Files.writeString(folder.resolve("secret"), SECRET + "\n").toString());
        assertEquals(new Secret(SECRET), load().cluster().orElseThrow().secret());
    }

    @Test
    void isInNoTextOfTheConfiguration() throws Exception {
        environment.put("CACHING_CLUSTER_SECRET", SECRET);
        assertFalse(load().toString().contains(SECRET));
    }
}
