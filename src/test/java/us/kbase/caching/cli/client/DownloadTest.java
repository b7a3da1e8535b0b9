package us.kbase.caching.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;

class DownloadTest {

    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofMillis(300));

    @TempDir
    private Path folder;

    private long download(String answer, String name) throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(answer);
                GatewayClient client = new GatewayClient(ServerAddress.parse(server.url()), JobClient.TOKEN);
                Progress progress = Progress.onTerminal()) {
            return new Download(client, SHORT).into(Output.named(name), "id", progress);
        }
    }

    private Path old(String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("result"), "old");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void nothingElseIsLeft(Path... files) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(Stream.of(files).sorted().toList(), left.sorted().toList());
        }
    }

    static List<Arguments> brokenAnswers() {
        return List.of(
                Arguments.of("cut", WHOLE + "abc", "broke off"),
                Arguments.of("empty", WHOLE, "broke off"),
                Arguments.of("silent", WHOLE + "abc" + ScriptedServer.HOLD, "stood still"),
                Arguments.of("without an answer", ScriptedServer.HOLD, "within 1 s"),
                Arguments.of("hung up", "", "No answer from"),
                Arguments.of("without a length", "HTTP/1.1 200 OK\r\n\r\nabcde", "has no length"),
                Arguments.of(
                        "in chunks, cut",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
                        "broke off"),
                Arguments.of("no HTTP", "SSH-2.0-x\r\n\r\n", "No answer from"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenAnswers")
    void whatDoesNotComeWholeLeavesTheOldFileAndNothingElse(String what, String answer, String said) throws Exception {
        Path file = old("rw-r-----");
        Unreachable failure = assertThrows(Unreachable.class, () -> download(answer, file.toString()));
        assertTrue(String.valueOf(failure.getMessage()).contains(said), failure.getMessage());
        assertEquals("old", Files.readString(file));
        nothingElseIsLeft(file);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsToldInTheServersWords(String answer, String said) throws Exception {
        Path file = old("rw-r-----");
        ErrorReply refused = assertThrows(ErrorReply.class, () -> download(answer, file.toString()));
        assertTrue(String.valueOf(refused.getMessage()).contains(said), refused.getMessage());
        nothingElseIsLeft(file);
    }

    static List<Arguments> refusals() {
        return List.of(
                Arguments.of(
                        "HTTP/1.1 404 Not Found\r\nContent-Length: 47\r\n\r\n"
                                + "{\"error\":\"Cache ID not found\",\"status\":\"error\"}",
                        "404: Cache ID not found"),
                Arguments.of("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\n<p>", "502 and no JSON"),
                Arguments.of("HTTP/1.1 204 No Content\r\n\r\n", "204"));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aFileKeepsItsMode(String mode) throws Exception {
        Path file = old(mode);
        assertEquals(5, download(WHOLE + "abcde", file.toString()));
        assertEquals("abcde", Files.readString(file));
        assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        nothingElseIsLeft(file);
    }

    static List<String> modes() {
        return List.of("r--r-----", "rw-------", "rw-r-----", "rw-rw-rw-", "rwxr-xr-x");
    }

    @Test
    void aSymbolicLinkStaysAndItsTargetIsReplaced() throws Exception {
        Path file = old("rw-r--r--");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("result"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("made"));
        assertEquals(5, download(WHOLE + "abcde", link.toString()));
        assertEquals(5, download(WHOLE + "fghij", dangling.toString()));
        assertEquals("abcde", Files.readString(file));
        assertEquals("fghij", Files.readString(folder.resolve("made")));
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(dangling));
    }

    @Test
    void whereNothingCanBeWrittenIsSaidByName() throws Exception {
        Path file = old("rw-r--r--");
        for (String name : List.of(folder.toString(), folder + "/nowhere/x", file + "/x", "a\0b")) {
            LocalFault fault = assertThrows(LocalFault.class, () -> Output.named(name));
            assertTrue(String.valueOf(fault.getMessage()).contains(name), fault.getMessage());
        }
    }

    @Test
    void aFullDiskIsAFaultOfThisMachine() {
        LocalFault fault = assertThrows(LocalFault.class, () -> download(WHOLE + "abcde", "/dev/full"));
        assertEquals("/dev/full cannot be written: the disk is full: make room.", fault.getMessage());
    }

    @Test
    void aWatchDoesNotCountTheTimeThatThisSideTakes() throws Exception {
        try (StallWatch watch = new StallWatch(Duration.ofMillis(50), () -> {});
                StallWatch longer = new StallWatch(Duration.ofMillis(300), () -> {})) {
            watch.busy();
            Await.until("the end of one that is owed something for longer", longer::hasEnded);
            assertTrue(!watch.hasEnded());
            watch.owed();
            Await.until("the end", watch::hasEnded);
        }
    }
}
