package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** A gateway that is told to stop: what it accepted ends well or is undone, and nothing new begins. */
class DrainTest {

    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";
    private static final int FILE_BYTES = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private LoopGateway gateway;
    private String id;

    @BeforeEach
    void start() {
        gateway = LoopGateway.on(folder, LoopGateway.Setup.usual());
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            id = client.cacheId(new JsonObject().put("job", "drained"));
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private RawConnection half() {
        return new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                        + (HEAD.length() + FILE_BYTES + TAIL.length()) + "\r\n\r\n" + HEAD)
                .send(new byte[FILE_BYTES], 0, FILE_BYTES / 2);
    }

    private List<Path> unfinished() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder.resolve("tmp"))) {
            for (Path one : folders.toList()) {
                try (Stream<Path> files = Files.list(one)) {
                    files.forEach(found::add);
                }
            }
            return found;
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void nobodyIsAccepted() {
        Await.until("the port to be closed", () -> {
            try (RawConnection connection =
                    new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")) {
                return connection.head().isEmpty();
            } catch (UncheckedIOException refused) {
                return true;
            }
        });
    }

    @Test
    void letsAnAcceptedUploadEndAndAcceptsNothingNew() {
        try (RawConnection upload = half()) {
            Await.until("the upload", () -> !unfinished().isEmpty());
            Future<Void> drained = gateway.drain(LONG);
            nobodyIsAccepted();
            assertFalse(drained.isComplete());
            upload.send(new byte[FILE_BYTES], 0, FILE_BYTES / 2).send(TAIL);
            assertTrue(upload.head().startsWith("HTTP/1.1 200 "));
            Await.result(drained);
        }
        assertEquals(List.of(), unfinished());
    }

    @Test
    void doesNotWaitForConnectionsBetweenRequests() {
        try (RawConnection idle = new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertTrue(idle.head().startsWith("HTTP/1.1 200 "));
            Await.result(gateway.drain(LONG));
        }
    }

    @Test
    void cutsWhatHasNotEndedWhenTheGraceIsOverAndLeavesNothingOfIt() {
        try (RawConnection upload = half()) {
            Await.until("the upload", () -> !unfinished().isEmpty());
            Await.result(gateway.drain(Duration.ofMillis(200)));
            assertEquals(List.of(), unfinished());
            assertEquals("", upload.rest());
        }
    }

    @Test
    void endsAtOnceWhenNothingRuns() {
        Await.result(gateway.drain(LONG));
        Await.until("nobody listens", () -> !listens(gateway.port()));
    }

    private static boolean listens(int port) {
        try (RawConnection opened = new RawConnection(port)) {
            return true;
        } catch (UncheckedIOException refused) {
            return false;
        }
    }
}
