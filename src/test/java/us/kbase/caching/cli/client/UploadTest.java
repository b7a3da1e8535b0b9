package us.kbase.caching.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;

class UploadTest {

    private static final String TAKEN = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}";
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofMillis(300));

    @TempDir
    private Path folder;

    private long upload(String answer, Input input) throws Exception {
        try (ScriptedServer server = new ScriptedServer(answer);
                GatewayClient client = new GatewayClient(ServerAddress.parse(server.url()), JobClient.TOKEN);
                Progress progress = Progress.onTerminal()) {
            return new Upload(client, SHORT).of(new Upload.Content(input, "name", Map.of()), "id", progress);
        }
    }

    private Path file(String content) throws Exception {
        return Files.writeString(folder.resolve("result"), content);
    }

    @Test
    void anUploadThatIsTakenTellsItsLength() throws Exception {
        assertEquals(5, upload(TAKEN, Input.named(file("abcde").toString())));
    }

    @Test
    void aGatewayThatStandsStillIsNotWaitedForWithoutEnd() throws Exception {
        Input input = Input.named(file("abcde").toString());
        Unreachable failure = assertThrows(Unreachable.class, () -> upload(ScriptedServer.HOLD, input));
        assertTrue(String.valueOf(failure.getMessage()).contains("took nothing"), failure.getMessage());
    }

    @Test
    @Timeout(20)
    void aRefusalIsHeardBeforeAStreamBegins() throws Exception {
        String refusal = ScriptedServer.json(404, "{\"error\":\"Cache ID not found\"}");
        InputStream usual = System.in;
        try (PipedOutputStream never = new PipedOutputStream();
                PipedInputStream silent = new PipedInputStream(never)) {
            System.setIn(silent);
            ErrorReply refused = assertThrows(ErrorReply.class, () -> upload(refusal, Input.named("-")));
            assertTrue(refused.isNotFound());
        } finally {
            System.setIn(usual);
        }
    }

    @Test
    void aReplyThatIsLostLeavesOpenWhetherItWasPublished() throws Exception {
        Input input = Input.named(file("abcde").toString());
        assertThrows(Unreachable.class, () -> upload("", input));
    }

    @Test
    void whatCannotBeReadIsSaidByName() throws Exception {
        Path file = file("abcde");
        for (String name : List.of(folder.toString(), folder + "/nowhere", file + "/x", "a\0b")) {
            LocalFault fault = assertThrows(LocalFault.class, () -> Input.named(name));
            assertTrue(String.valueOf(fault.getMessage()).contains(name), fault.getMessage());
        }
    }

    /** A file of {@code /proc} says that it has no bytes, and has some. */
    @Test
    void aFileThatIsLongerThanItsLengthIsNotPublishedInPart() {
        LocalFault fault = assertThrows(LocalFault.class, () -> upload(TAKEN, Input.named("/proc/self/status")));
        assertTrue(String.valueOf(fault.getMessage()).contains("changed while it was uploaded"), fault.getMessage());
    }

    @Test
    void whatIsPublishedIsComparedByteForByte() throws Exception {
        String theirs = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";
        try (ScriptedServer server = new ScriptedServer(theirs, theirs, theirs, "", TAKEN);
                GatewayClient client = new GatewayClient(ServerAddress.parse(server.url()), JobClient.TOKEN)) {
            Published published = new Published(client, SHORT);
            assertTrue(published.is(new Input.Named(file("abcde")), "id"));
            assertFalse(published.is(new Input.Named(file("abcdf")), "id"), "other bytes");
            assertFalse(published.is(new Input.Named(file("abcdef")), "id"), "another length");
            assertFalse(published.is(new Input.Named(file("abcde")), "id"), "no answer");
            assertFalse(published.is(new Input.Named(file("abcde")), "id"), "another answer");
        }
    }

    @Test
    void aTokenThatCannotBeSentIsRefusedBeforeAnythingIs() {
        for (String token : List.of("two words", "end\n", "gr\u00fcn")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GatewayClient(ServerAddress.parse("localhost"), token).close());
        }
    }
}
