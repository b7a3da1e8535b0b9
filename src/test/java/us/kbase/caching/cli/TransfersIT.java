package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static us.kbase.caching.testing.ScriptedServer.json;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.Signals;

/** {@code get}, {@code put} and {@code run} by the real launcher in a shell: streams, devices, signals, terminals, locales. */
class TransfersIT {

    private static final byte[] RESULT = new byte[3 << 20];
    private static final String FUNCTION = "cs() { " + ServiceProcess.LAUNCHER + " \"$@\"; }\n";

    @TempDir
    private static Path data;

    private static final JsonObject PARAMETERS = new JsonObject().put("job", "there");
    private static Gateway gateway;
    private static JobClient client;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        new Random(7).nextBytes(RESULT);
        gateway = Await.result(Gateway.start(
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(data, false))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        client.upload(client.cacheId(PARAMETERS), RESULT);
    }

    @AfterAll
    static void stop() {
        client.close();
        Await.result(gateway.close());
    }

    @BeforeEach
    void files() throws IOException {
        Files.write(folder.resolve("big"), RESULT);
        Files.writeString(folder.resolve("p.json"), PARAMETERS.encode());
    }

    private Map<String, String> environment() {
        return Map.of("CACHING_SERVER", "http://127.0.0.1:" + gateway.port(), "CACHING_TOKEN", JobClient.TOKEN);
    }

    private Ended shell(Map<String, String> environment, String script) {
        List<String> command = List.of("sh", "-e", "-c", FUNCTION + script);
        try (ServiceProcess process = ServiceProcess.command(folder, environment, command)) {
            return process.ended();
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cs get --params p.json - | cmp - big",
                "cs get --params p.json /dev/stdout | cmp - big",
                "cs get --params p.json /dev/null; test -c /dev/null",
                "mkfifo f; cs get --params p.json f & cmp f big; wait $!; test -p f",
                "cs run --params p.json --out - -- false | cmp - big",
                "cs run --params p.json --out got -- false 2>err; cmp got big; grep '^caching-service: hit: 3.0 MiB ' err"
            })
    void aResultGoes(String script) {
        Ended ended = shell(environment(), script);
        assertEquals(0, ended.code(), ended.out() + ended.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat big | cs put --params new.json --name x -",
                "mkfifo f; cat big > f & cs put --params new.json f",
                "cs put --params - big < new.json",
                "cs run --params new.json --out - -- cat big | cmp - big",
                "cs run --params - --out out -- cp big out < new.json"
            })
    void aResultComes(String script) throws IOException {
        JsonObject parameters = new JsonObject().put("job", script);
        Files.writeString(folder.resolve("new.json"), parameters.encode());
        Ended ended = shell(environment(), script);
        assertEquals(0, ended.code(), ended.out() + ended.err());
        assertArrayEquals(RESULT, client.download(client.cacheId(parameters)).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cs put --params - -",
                "cs get --params nowhere.json got",
                "cs get --server ftp://x --params p.json got",
                "cs run --params p.json --out /dev/null -- touch ran",
                "cs run --params p.json --out nowhere/x -- touch ran",
                "cs get --params p.json",
                "LC_ALL=C cs run --params p.json --out out -- touch ran \"$(printf 'gr\\374n')\""
            })
    void whatCannotBeIsToldInOneSentenceAndNothingRuns(String script) {
        Ended ended = shell(environment(), script);
        assertTrue(ended.code() != 0);
        assertEquals("", ended.out());
        assertTrue(ended.err().matches("caching-service: [^\n]*\\.\n(Try '[^\n]*\n)?"), ended.err());
        assertEquals(List.of("big", "p.json"), names());
    }

    @Test
    void lettersSurviveAnyLocale() throws IOException {
        Ended ended = shell(
                environment(),
                "export LC_ALL=C\necho '{\"in\": \"C\"}' > c.json\ncs run --params c.json --out gr\u00fcn -- sh -c 'printf \"$0 $LC_ALL\" > \"$0\"' gr\u00fcn");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("gr\u00fcn C", Files.readString(folder.resolve("gr\u00fcn")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalInADownloadLeavesNothing(String signal) throws IOException {
        Signals.assumeHeard(signal);
        String begun = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc" + ScriptedServer.HOLD;
        try (ScriptedServer server = new ScriptedServer(begun);
                ServiceProcess get = ServiceProcess.start(
                        folder,
                        Map.of("CACHING_SERVER", server.url(), "CACHING_TOKEN", JobClient.TOKEN),
                        "get",
                        "--id",
                        "x",
                        "got")) {
            Await.until("a part", () -> names().stream().anyMatch(name -> name.endsWith(".part")));
            get.signal(signal);
            assertEquals(signal.equals("INT") ? 130 : 143, get.ended().code());
            assertEquals(List.of("big", "p.json"), names());
        }
    }

    @Test
    void aFullDiskEndsARunAtOnce() {
        Ended ended = shell(environment(), "ulimit -f 200\ncs run --params p.json --out got -- touch ran");
        assertEquals(1, ended.code(), ended.err());
        assertEquals(
                "caching-service: got cannot be written: this process may write no file of that length: raise the limit"
                        + " (ulimit -f).\n",
                ended.err());
        assertEquals(List.of("big", "p.json"), names());
    }

    @Test
    void aDownloadThatStandsStillEndsWithTheWait() {
        String begun = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc" + ScriptedServer.HOLD;
        try (ScriptedServer server =
                new ScriptedServer(json(200, "{\"cache_id\":\"x\"}"), json(200, "{\"state\":\"ready\"}"), begun)) {
            Ended ended = shell(
                    Map.of("CACHING_SERVER", server.url(), "CACHING_TOKEN", JobClient.TOKEN),
                    "cs run --wait 1s --params p.json --out got -- touch ran");
            assertEquals(1, ended.code());
            assertEquals(
                    "caching-service: The download stood still for 5 s and was ended after 3 of 1000 bytes.\n",
                    ended.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(List.of("big", "p.json"), names());
    }

    static List<Arguments> downs() {
        return List.of(
                Arguments.of("--if-down compute", 0, List.of("big", "p.json", "ran")),
                Arguments.of("--if-down fail", 1, List.of("big", "p.json")));
    }

    @ParameterizedTest
    @MethodSource("downs")
    void aServiceThatIsDown(String option, int code, List<String> names) {
        Ended ended = shell(
                Map.of("CACHING_SERVER", "http://127.0.0.1:1", "CACHING_TOKEN", JobClient.TOKEN),
                "cs run " + option + " --params p.json --out ran -- touch ran");
        assertEquals(code, ended.code(), ended.err());
        assertTrue(
                ended.err().startsWith("caching-service: No answer from http://127.0.0.1:1: nothing listens there"),
                ended.err());
        assertEquals(code == 0, ended.err().contains("runs without the cache"), ended.err());
        assertEquals(names, names());
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 200})
    void aBarFitsItsTerminal(int columns) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script(1) here");
        String put = "stty cols " + columns + "; " + ServiceProcess.LAUNCHER + " put --params p.json big";
        List<String> command = List.of("script", "-qec", put, "/dev/null");
        try (ServiceProcess terminal = ServiceProcess.command(folder, environment(), command)) {
            Ended ended = terminal.ended();
            assertEquals(0, ended.code(), ended.out());
            List<String> drawn = Stream.of(ended.out().split("[\r\n]+"))
                    .filter(line -> line.contains("%"))
                    .toList();
            assertTrue(drawn.getLast().contains("100%"), ended.out());
            assertEquals(columns != 40, drawn.getLast().contains("#"), ended.out());
            drawn.forEach(line -> assertTrue(line.length() < columns, line));
        }
    }

    @Test
    void withoutATerminalThereIsNoBar() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script(1) here");
        String put = ServiceProcess.LAUNCHER + " put --params p.json big 2>err";
        List<String> command = List.of("script", "-qec", put, "/dev/null");
        try (ServiceProcess terminal = ServiceProcess.command(folder, environment(), command)) {
            assertTrue(terminal.ended().out().strip().matches("\\p{XDigit}{128}"), terminal.out());
        }
        assertFalse(names().isEmpty());
        assertEquals("", text("err"));
    }

    private String text(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
