package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** A gateway that is sent whole requests, changed here and there: it answers each or closes, never with a fault of its own. */
class EdgeFuzzTest {

    private static final MemoryPlan MEMORY = MemoryPlan.ofHeap(96L << 20);
    private static final String CONTENT = "0123456789";

    /** What a client may be told: 501 and 505 are for methods and versions that nobody here knows. */
    private static final Set<Integer> FAULTS_OF_THE_CLIENT = Set.of(501, 505);

    @TempDir
    static Path folder;

    private static LoopGateway gateway;
    private static JobClient client;
    private static String kept = "";
    private static Corpus corpus = RequestHeadFuzzTest.REQUESTS;

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(folder, LoopGateway.Setup.usual().memory(MEMORY));
        client = new JobClient(gateway.port(), "other");
        kept = client.cacheId(new JsonObject().put("job", "kept"));
        assertEquals(200, client.upload(kept, CONTENT).status());
        String id = new JobClient(gateway.port(), JobClient.TOKEN).cacheId(new JsonObject().put("job", "fuzzed"));
        corpus = Corpus.of(
                List.of(
                        json("POST /v1/cache_id", "{\"a\": [1, 2.5, null, \"\\u00e9\"]}"),
                        json("POST /v1/lease", "{\"params\": {\"a\": 1}, \"ttl_seconds\": 60}"),
                        json("POST /v1/cache/" + id + "/lease", "{\"ttl_seconds\": 60, \"holder\": \"me\"}"),
                        form(
                                id,
                                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"),
                        call("GET /v1/cache/" + id, "Range: bytes=0-3\r\nIf-Range: \"x\"\r\n"),
                        call("GET /v1/cache/" + id, "If-None-Match: \"x\", W/\"y\", *\r\n"),
                        call("GET /v1/cache/" + id, "If-Modified-Since: Sun, 29 Nov 2026 12:00:00 GMT\r\n"),
                        call("GET /v1/cache?limit=3&prefix=a&cursor=YWJj", ""),
                        call("GET /v1/cache/" + id + "/metadata", ""),
                        call("PUT /v1/cache/" + id + "?filename=a%20b", "Content-Length: 3\r\n") + "abc",
                        call("DELETE /v1/cache/" + id, "If-Match: \"x\"\r\n"),
                        call("GET /v1/cache/" + kept, ""),
                        call("DELETE /v1/cache/" + kept, "Cache-Lease: x\r\n"),
                        "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
                List.of(
                        "\r\n",
                        " ",
                        "\0",
                        "%00",
                        "%zz",
                        "%2e%2e/",
                        "?dry_run=1",
                        "&limit=-1",
                        "\"",
                        "{",
                        "[",
                        "]}",
                        "\\ud800",
                        "1e400",
                        "NaN",
                        "--b",
                        "bytes=-0",
                        "0-,0-,",
                        "W/\"",
                        "*",
                        "\u00ff\u00fe",
                        "Content-Length: 4\r\n",
                        "Expect: 100-continue\r\n",
                        "Range: bytes=5-2\r\n",
                        "Transfer-Encoding: chunked\r\n",
                        "Content-Encoding: gzip\r\n",
                        "Connection: close\r\n",
                        "Cache-Lease: abc\r\n",
                        "Cache-Expires-Days: 3\r\n",
                        "Accept: */*\r\n"));
    }

    private static String call(String line, String headers) {
        return line + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n" + headers + "\r\n";
    }

    private static String json(String line, String body) {
        return call(line, "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n") + body;
    }

    private static String form(String id, String body) {
        return call(
                        "POST /v1/cache/" + id,
                        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.length() + "\r\n")
                + body;
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void everyConnectionEndsWithoutAFaultOfOurs() {
        Fuzz.holds(1_500, random -> exchange(corpus.mutant(random), random));
        assertEquals(CONTENT, new String(client.download(kept).body(), StandardCharsets.UTF_8));
        MEMORY.kinds().stream()
                .filter(kind -> !kind.kind().equals("connections"))
                .forEach(kind -> Await.until("no " + kind.kind(), () -> kind.usedBytes() == 0));
    }

    private static void exchange(byte[] bytes, Random random) {
        String replies;
        try (RawConnection connection = new RawConnection(gateway.port())) {
            try {
                for (Buffer piece : Corpus.cut(bytes, random)) {
                    connection.send(piece.getBytes(), 0, piece.length());
                }
                connection.endOutput();
            } catch (UncheckedIOException closed) {
                // it was refused before all was sent
            }
            replies = connection.rest();
        }
        assertTrue(replies.isEmpty() || replies.startsWith("HTTP/1."), replies);
        if (!replies.isEmpty()) {
            int status = Integer.parseInt(replies, "HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3, 10);
            assertTrue(status < 500 || FAULTS_OF_THE_CLIENT.contains(status), replies);
            assertFalse(replies.contains("HTTP/1.1 500 "), replies);
        }
    }
}
