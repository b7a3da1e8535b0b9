package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.TestCertificates;

/** Commands against a gateway that speaks https. */
class TlsCommandsIT {

    @TempDir
    Path folder;

    private TestCertificates ca;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        ca = new TestCertificates(folder, "ca");
        GatewayConfig.Store store = new GatewayConfig.Store.Disk(folder.resolve("data"), false);
        gateway = Await.result(
                Gateway.start(Configs.withTls(ca.signed("server"), Configs.of(1, Map.of("token", "alice"), store))));
        Files.writeString(folder.resolve("p.json"), "{\"job\":\"tls\"}");
        Files.writeString(folder.resolve("result"), "a result");
    }

    @AfterEach
    void stop() {
        Await.result(gateway.close());
    }

    private Ended command(Map<String, String> more, String script) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "CACHING_SERVER",
                "https://127.0.0.1:" + gateway.port(),
                "CACHING_TOKEN",
                "token",
                "PATH",
                System.getenv("PATH")));
        environment.putAll(more);
        List<String> words = List.of("sh", "-e", "-c", "cs() { " + ServiceProcess.LAUNCHER + " \"$@\"; }; " + script);
        try (ServiceProcess process = ServiceProcess.command(folder, environment, words)) {
            return process.ended();
        }
    }

    @Test
    void aResultGoesAndComesWithTheCasFile() {
        Ended ended = command(
                Map.of(),
                "cs put --ca ca.pem --params p.json result; cs get --ca ca.pem --params p.json copy; cmp result copy");
        assertEquals(0, ended.code(), ended.err());
    }

    @Test
    void theCasFileMayBeNamedInTheEnvironment() {
        Ended ended = command(
                Map.of("CACHING_CA", ca.caFile().toString()), "cs run --params p.json --out result -- touch result");
        assertEquals(0, ended.code(), ended.err());
    }

    @Test
    void withoutTheCaTheSentenceSaysWhatToDo() {
        Ended ended = command(Map.of(), "cs put --params p.json result");
        assertEquals(1, ended.code());
        assertTrue(ended.err().contains("for a command by --ca"), ended.err());
    }

    @Test
    void aFileThatIsNoCaIsNamed() {
        Ended ended = command(Map.of(), "cs put --ca p.json --params p.json result");
        assertEquals(1, ended.code());
        assertTrue(ended.err().contains("--ca cannot be used: p.json holds no "), ended.err());
    }

    @Test
    void upkeepAsksTheGatewayBesideWithoutACertificate() {
        Ended ended =
                command(Map.of("CACHING_STORE_DISK_PATH", folder.resolve("data").toString()), "cs expire --dry-run");
        assertEquals(0, ended.code(), ended.err());
    }
}
