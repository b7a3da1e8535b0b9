package us.kbase.caching.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.cli.Main;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;

class RunTest {

    private static final String TOKEN = JobClient.TOKEN;
    private static final JsonObject PARAMETERS = new JsonObject().put("job", "of the test");

    @TempDir
    private Path folder;

    private Gateway gateway;
    private JobClient client;

    @BeforeEach
    void start() throws Exception {
        GatewayConfig config =
                Configs.of(1, Map.of(TOKEN, "alice"), new GatewayConfig.Store.Disk(folder.resolve("data"), false));
        gateway =
                Gateway.start(config).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        client = new JobClient(gateway.port(), TOKEN);
        Files.writeString(folder.resolve("params.json"), PARAMETERS.encode());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        gateway.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void ofTwentyAtOnceOneComputesAndNineteenDownload() throws Exception {
        List<CompletableFuture<Integer>> runs = IntStream.range(0, 20)
                .mapToObj(i -> later("out" + i, "echo run >> ran; sleep 0.5; echo $$ > out" + i))
                .toList();
        for (CompletableFuture<Integer> run : runs) {
            assertEquals(0, run.join());
        }
        assertEquals("run\n", text("ran"));
        for (int i = 1; i < 20; i++) {
            assertEquals(text("out0"), text("out" + i));
        }
    }

    @Test
    void aCommandThatFailsPassesItsCodeOnAndLetsTheNextOneCompute() throws Exception {
        assertEquals(7, run("out", "echo half > out; exit 7"));
        assertEquals(0, run("out", "echo whole > out"));
        assertEquals("whole\n", text(client.download(id())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2h", "3601", "9999999h"})
    void aLifetimeThatNoLeaseCanHaveIsRefusedBeforeAnythingIsRun(String ttl) {
        assertEquals(2, run("out", "touch ran", "--ttl", ttl));
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void aCommandThatWritesNothingIsNoSuccess() throws Exception {
        Files.writeString(folder.resolve("out"), "of yesterday");
        assertEquals(1, run("out", "true"));
        assertEquals(404, client.download(id()).status());
    }

    @Test
    void whoLostTheLeaseKeepsItsOwnResultAndPublishesNothing() throws Exception {
        CompletableFuture<Integer> run =
                later("out", "touch begun; until [ -e go ]; do sleep 0.05; done; echo own > out");
        awaitFile("begun");
        client.upload(id(), "published by a v1 client");
        Files.createFile(folder.resolve("go"));
        assertEquals(0, run.join());
        assertEquals("own\n", text("out"));
        assertEquals("published by a v1 client", text(client.download(id())));
    }

    @Test
    void whenTheWaitIsOverNothingIsRun() {
        client.ask(id(), new JsonObject());
        assertEquals(75, run("out", "touch ran", "--wait", "1s"));
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void withoutALeaseNobodyIsWaitedFor() throws Exception {
        client.ask(id(), new JsonObject());
        assertEquals(0, run("out", "echo own > out", "--no-lease"));
        assertEquals("own\n", text(client.download(id())));
    }

    private CompletableFuture<Integer> later(String out, String script) {
        return CompletableFuture.supplyAsync(
                () -> run(out, script), command -> Thread.ofVirtual().start(command));
    }

    private int run(String out, String script, String... options) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "run",
                "--server",
                "http://127.0.0.1:" + gateway.port(),
                "--token",
                TOKEN,
                "--params",
                folder.resolve("params.json").toString(),
                "--out",
                folder.resolve(out).toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--", "sh", "-c", "cd " + folder + "; " + script));
        return Main.line().execute(arguments.toArray(String[]::new));
    }

    private String id() {
        return client.cacheId(PARAMETERS);
    }

    private void awaitFile(String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Files.exists(folder.resolve(name))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " never came");
            }
            Thread.onSpinWait();
        }
    }

    private String text(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    private static String text(JobClient.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
