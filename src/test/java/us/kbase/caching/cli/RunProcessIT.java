package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.Signals;

/** {@code run} as a process of its own: signals, output, exit codes, and server and token from the environment. */
class RunProcessIT {

    private static final JsonObject PARAMETERS = new JsonObject().put("job", "of a process");

    @TempDir
    private Path folder;

    private Gateway gateway;
    private JobClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = Await.result(Gateway.start(Configs.of(
                1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder.resolve("data"), false))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        Files.writeString(folder.resolve("params.json"), PARAMETERS.encode());
    }

    @AfterEach
    void stop() {
        client.close();
        Await.result(gateway.close());
    }

    private Process run(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "us.kbase.caching.cli.Main",
                        "run",
                        "--params",
                        "params.json",
                        "--out",
                        "out",
                        "--",
                        "sh",
                        "-c",
                        script))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of(
                        "CACHING_SERVER", "http://127.0.0.1:" + gateway.port(), "CACHING_TOKEN", JobClient.TOKEN));
        return builder.start();
    }

    private void awaitFile(String name) {
        Await.until(name, () -> Files.exists(folder.resolve(name)));
    }

    private static int exitCode(Process process) throws Exception {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
        return process.exitValue();
    }

    private void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private int statusOfAsking() {
        return client.ask(client.cacheId(PARAMETERS), new JsonObject().put("wait_seconds", 0))
                .status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalGoesToTheCommandAndItsCodeComesBack(String name) throws Exception {
        Signals.assumeHeard(name);
        Process run =
                run("trap 'echo caught > caught; exit 42' " + name + "; touch begun; while true; do sleep 0.05; done");
        awaitFile("begun");
        assertEquals(202, statusOfAsking(), "it holds the lease");
        signal(name, run);
        assertEquals(42, exitCode(run));
        assertTrue(Files.exists(folder.resolve("caught")));
        assertEquals(201, statusOfAsking(), "the lease was given back");
    }

    /** A job of a shell hears a signal to the shell's group, and none to the shell alone. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP"})
    void aSignalGoesToAllThatTheCommandStarted(String name) throws Exception {
        Signals.assumeHeard(name);
        Process run = run("sh -c 'trap \"echo caught > caught; exit\" " + name
                + "; touch begun; while true; do sleep 0.05; done' & wait");
        awaitFile("begun");
        signal(name, run);
        awaitFile("caught");
        assertEquals(name.equals("TERM") ? 143 : 129, exitCode(run));
    }

    @Test
    void aCommandThatDiesOfASignalGives128AndItsNumber() throws Exception {
        Process run = run("touch begun; exec sleep 60");
        awaitFile("begun");
        signal("TERM", run);
        assertEquals(143, exitCode(run));
    }

    @Test
    void theCommandsOutputIsShownAndItsResultPublished() throws Exception {
        Process run = run("echo to the terminal; echo result > out");
        assertEquals(0, exitCode(run));
        assertTrue(Files.readString(folder.resolve("output")).contains("to the terminal"));
        assertEquals(
                "result\n",
                new String(client.download(client.cacheId(PARAMETERS)).body()));
    }

    @Test
    void aLeaseThatIsLostWhileTheCommandRunsIsSaidAndTheResultKept() throws Exception {
        Process run = run("touch begun; until [ -e go ]; do sleep 0.05; done; echo own > out");
        awaitFile("begun");
        client.upload(client.cacheId(PARAMETERS), "of another");
        Files.createFile(folder.resolve("go"));
        assertEquals(0, exitCode(run));
        assertEquals("own\n", Files.readString(folder.resolve("out")));
        assertTrue(Files.readString(folder.resolve("output")).contains("not published; it is kept in out"));
        assertEquals(
                "of another",
                new String(client.download(client.cacheId(PARAMETERS)).body()));
    }

    @Test
    void whoWaitsWhileTheEntryIsDeletedComputesItself() throws Exception {
        String id = client.cacheId(PARAMETERS);
        client.ask(id, new JsonObject().put("ttl_seconds", 600));
        Process run = run("echo own > out");
        Await.until("the progress line", () -> output().contains("waiting for"));
        client.delete(id);
        assertEquals(0, exitCode(run));
        assertEquals("own\n", new String(client.download(id).body()));
    }

    private String output() {
        try {
            return Files.exists(folder.resolve("output")) ? Files.readString(folder.resolve("output")) : "";
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
