package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.tls.TlsFiles;

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
        gateway = Await.result(Gateway.start(
                Configs.withTls(ca.signed("server"), Configs.of(1, Map.of(JobClient.TOKEN, "alice"), store))));
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
                JobClient.TOKEN,
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

    /** Another gateway, which wants a certificate of who comes. */
    private Map<String, String> mutual(Gateway strict) {
        return Map.of("CACHING_SERVER", "https://127.0.0.1:" + strict.port());
    }

    private Gateway strict() throws IOException {
        TlsFiles server = ca.signed("strict");
        TlsFiles files = new TlsFiles(server.certificate(), server.key(), Optional.of(ca.caFile()));
        GatewayConfig.Store store = new GatewayConfig.Store.Disk(folder.resolve("strict-data"), false);
        return Await.result(Gateway.start(
                Configs.withTls(files, Configs.of(1, Map.of(JobClient.TOKEN, "alice"), store))));
    }

    @Test
    void whereTheGatewayWantsACertificateEachCommandShowsTheClients() throws IOException {
        TlsFiles unused = ca.signed("own");
        Gateway strict = strict();
        try {
            String shows = " --ca ca.pem --cert own.pem --key own-key.pem --params p.json ";
            Ended ended = command(
                    mutual(strict),
                    "cs put" + shows + "result; cs get" + shows + "copy; cmp result copy; mkdir tree; cp result tree;"
                            + " echo '{\"job\":2}' >q.json; CACHING_CA=ca.pem CACHING_CERT=own.pem"
                            + " CACHING_KEY=own-key.pem cs run --params q.json --out made -- cp result made");
            assertEquals(0, ended.code(), ended.err());
        } finally {
            Await.result(strict.close());
        }
    }

    @Test
    void whoShowsNoCertificateWhereOneIsWantedIsToldHow() throws IOException {
        Gateway strict = strict();
        try {
            Ended ended = command(mutual(strict), "cs get --ca ca.pem --params p.json copy");
            assertEquals(1, ended.code());
            assertTrue(ended.err().contains("--cert and --key"), ended.err());
        } finally {
            Await.result(strict.close());
        }
    }

    /** So it looks when the alert is lost. */
    @Test
    void whoIsCutOffBehindTheHandshakeIsToldWhatTheServerMayWant() {
        Vertx vertx = Vertx.vertx();
        try {
            Ended ended = command(
                    Map.of(
                            "CACHING_SERVER",
                            "https://127.0.0.1:" + cutting(vertx).actualPort()),
                    "cs get --ca ca.pem --params p.json copy");
            assertEquals(1, ended.code());
            assertTrue(ended.err().contains("--cert and --key"), ended.err());
        } finally {
            Await.result(vertx.close());
        }
    }

    /** Resets each connection when a request comes. */
    private NetServer cutting(Vertx vertx) {
        TlsFiles files = ca.signed("cutting");
        NetServerOptions options = new NetServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(files.certificate().toString())
                        .addKeyPath(files.key().toString()));
        return Await.result(vertx.createNetServer(options)
                .connectHandler(socket -> socket.handler(bytes -> {
                    Channel channel = ((ConnectionBase) socket).channel();
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                    channel.unsafe().closeForcibly();
                }))
                .listen(0, "127.0.0.1"));
    }

    @Test
    void aCertificateWithoutItsOwnKeyIsRefusedInASentence() {
        TlsFiles unused = ca.signed("own");
        TlsFiles other = ca.signed("other");
        Ended alone = command(Map.of(), "cs get --ca ca.pem --cert own.pem --params p.json copy");
        assertEquals(1, alone.code());
        assertTrue(alone.err().contains("--cert needs --key: "), alone.err());
        Ended mixed = command(
                Map.of(),
                "cs get --ca ca.pem --cert own.pem --key " + other.key().getFileName() + " --params p.json copy");
        assertEquals(1, mixed.code());
        assertTrue(mixed.err().contains("--key does not belong to the certificate: "), mixed.err());
    }

    @Test
    void upkeepAsksTheGatewayBesideWithoutACertificate() {
        Ended ended =
                command(Map.of("CACHING_STORE_DISK_PATH", folder.resolve("data").toString()), "cs expire --dry-run");
        assertEquals(0, ended.code(), ended.err());
    }
}
