package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.WatchedStore;

/** Ids, ranges and names that somebody made up to get somewhere else. */
class HostileInputTest {

    private static final String CONTENT = "0123456789";
    private static final AtomicReference<WatchedStore> STORE = new AtomicReference<>();

    @TempDir
    static Path folder;

    private static LoopGateway gateway;
    private static JobClient client;
    private static String id = "";

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(folder, LoopGateway.Setup.usual().store(inner -> {
            STORE.set(new WatchedStore(inner));
            return STORE.get();
        }));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @BeforeEach
    void upload() {
        id = client.cacheId(new JsonObject().put("job", "hostile"));
        assertEquals(200, client.upload(id, CONTENT).status());
        STORE.get().forget();
    }

    private static String exchange(String request) {
        try (RawConnection connection = new RawConnection(gateway.port()).send(request)) {
            return connection.rest();
        }
    }

    private static String call(String method, String path) {
        return exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                + "\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5\r\n\r\n--b--");
    }

    static Stream<Arguments> idsThatAreNone() {
        return Stream.of(
                        "..",
                        "../",
                        "../x",
                        "../../v1/cache/ID",
                        "%2e%2e",
                        "%2e%2e%2f",
                        "%2e%2e/ID",
                        "ID/../ID",
                        "./ID",
                        "..%2fID",
                        "..;/",
                        "ID;x",
                        "%00",
                        "ID%00",
                        "%c0%ae",
                        "%c0%ae%c0%ae%c0%af",
                        "%zz",
                        "%",
                        "%20ID",
                        "ID%0d%0aX:%20y",
                        "%D9%A1%D9%A2",
                        "a.b",
                        "a+b",
                        "a*",
                        "a\\b",
                        "a:b",
                        "a~",
                        "a".repeat(129),
                        "a".repeat(3900))
                .flatMap(text -> Stream.of("GET", "HEAD", "POST", "DELETE").map(method -> arguments(method, text)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("idsThatAreNone")
    void aTextThatIsNoIdNeverReachesTheStore(String method, String text) {
        String answer = call(method, "/v1/cache/" + text.replace("ID", id));
        assertTrue(answer.startsWith("HTTP/1.1 404 ") || answer.startsWith("HTTP/1.1 400 "), answer);
        assertEquals(List.of(), STORE.get().keys());
        assertEquals(CONTENT, downloaded());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("idsThatAreNone")
    void norDoItsLeaseAndMetadataRoutes(String method, String text) {
        String route = method.equals("GET") ? "/metadata" : "/lease";
        String answer = call(method, "/v1/cache/" + text.replace("ID", id) + route);
        assertTrue(answer.matches("(?s)HTTP/1.1 40[045] .*"), answer);
        assertEquals(List.of(), STORE.get().keys());
    }

    @Test
    void anIdOf5000CharactersIsTooLongForALine() {
        assertTrue(call("GET", "/v1/cache/" + "a".repeat(5000)).contains(" 414 "));
        assertEquals(List.of(), STORE.get().keys());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void noIdAtAllIsNoEntry(String slash) {
        assertTrue(call("DELETE", "/v1/cache" + slash).startsWith("HTTP/1.1 405 "));
        assertEquals(List.of(), STORE.get().keys());
    }

    /** Ids are compared as they are: S3's own queries mean nothing here, and capitals name another entry. */
    @Test
    void queriesOfS3AreNotHeard() {
        assertTrue(call("GET", "/v1/cache/" + id + "?versionId=1&uploads").startsWith("HTTP/1.1 200 "));
        assertTrue(call("POST", "/v1/cache/" + id + "?uploads").startsWith("HTTP/1.1 400 "));
        assertTrue(call("GET", "/v1/cache/" + id.toUpperCase(java.util.Locale.ROOT))
                .startsWith("HTTP/1.1 404 "));
        assertEquals(CONTENT, downloaded());
    }

    private static String downloaded() {
        return new String(client.download(id).body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                bytes=0-0                      | 206 | bytes 0-0/10  | 0
                bytes=0-                       | 200 | none          | 0123456789
                bytes=3-5                      | 206 | bytes 3-5/10  | 345
                bytes=3-99                     | 206 | bytes 3-9/10  | 3456789
                bytes=9-                       | 206 | bytes 9-9/10  | 9
                bytes=-1                       | 206 | bytes 9-9/10  | 9
                bytes=-99                      | 206 | bytes 0-9/10  | 0123456789
                bytes=-999999999999999999      | 206 | bytes 0-9/10  | 0123456789
                bytes=0-999999999999999999     | 206 | bytes 0-9/10  | 0123456789
                bytes=10-                      | 416 | bytes */10    | no
                bytes=10-20                    | 416 | bytes */10    | no
                bytes=999999999999999999-      | 416 | bytes */10    | no
                bytes=-0                       | 416 | bytes */10    | no
                bytes=5-2                      | 200 | none          | 0123456789
                bytes=                         | 200 | none          | 0123456789
                bytes=-                        | 200 | none          | 0123456789
                bytes=a-b                      | 200 | none          | 0123456789
                bytes=--1                      | 200 | none          | 0123456789
                bytes=+0-1                     | 200 | none          | 0123456789
                bytes=0-1,3-4                  | 200 | none          | 0123456789
                abc                            | 200 | none          | 0123456789
                lines=0-1                      | 200 | none          | 0123456789
                bytes=99999999999999999999-    | 200 | none          | 0123456789
                bytes=0-99999999999999999999   | 200 | none          | 0123456789
                """)
    void aRangeIsServedRefusedOrIgnored(String range, int status, String contentRange, String body) {
        String answer = ranged(range, JobClient.TOKEN);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(!contentRange.equals("none"), answer.contains("content-range: " + contentRange + "\r\n"), answer);
        assertEquals(!body.equals("no"), answer.endsWith("\r\n\r\n" + body), answer);
    }

    private static String ranged(String range, String token) {
        return exchange("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + token
                        + "\r\nConnection: close\r\n" + "Range: " + range + "\r\n\r\n")
                .replace("Content-Range: ", "content-range: ");
    }

    @Test
    void aThousandRangesAreOneWholeFile() {
        String ranges = "bytes="
                + String.join(",", IntStream.range(0, 1000).mapToObj(i -> "0-").toList());
        assertTrue(ranged(ranges, JobClient.TOKEN).endsWith("\r\n\r\n" + CONTENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-0", "bytes=-1", "bytes=5-"})
    void anEmptyFileHasNoRange(String range) {
        assertEquals(200, client.upload(id, "").status());
        String answer = ranged(range, JobClient.TOKEN);
        assertTrue(answer.startsWith("HTTP/1.1 416 "), answer);
        assertTrue(answer.contains("content-range: bytes */0\r\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-0", "bytes=99-"})
    void anotherUsersLengthIsNotTold(String range) {
        String answer = ranged(range, "other");
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertFalse(answer.contains("content-range"), answer);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("../../etc/passwd", "etc_passwd", "../../etc/passwd"),
                arguments("a\"b", "a", "a"),
                arguments("a;b.txt", "ab.txt", "a;b.txt"),
                arguments("a\0b", "ab", "a\0b"),
                arguments("<script>.html", "script.html", "<script>.html"),
                arguments("\u202Etxt.exe", "txt.exe", "\u202Etxt.exe"),
                arguments("日本", "file", "日本"),
                arguments("placeholder", "placeholder_", "placeholder"),
                arguments("%0d%0aX: y", "0d0aX_y", "%0d%0aX: y"),
                arguments("con.", "con", "con."));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameIsStoredSafelyAndShownAsItWasSent(String sent, String safe, String shown) {
        assertTrue(upload(sent).startsWith("HTTP/1.1 200 "));
        JsonObject metadata =
                client.send(client.request("/cache/" + id + "/metadata").GET()).json();
        assertEquals(safe, metadata.getString("filename"));
        assertEquals(shown, metadata.getString("filename_sent"));
        String answer = call("GET", "/v1/cache/" + id);
        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("x-content-type-options: nosniff"), answer);
        assertFalse(answer.contains("X: y"), answer);
        assertTrue(answer.endsWith("\r\n\r\nnew"), answer);
    }

    @Test
    void aNameOf8KibIsCutToWhatAFileSystemAndS3Take() {
        assertTrue(upload("n".repeat(8192)).startsWith("HTTP/1.1 200 "));
        JsonObject metadata =
                client.send(client.request("/cache/" + id + "/metadata").GET()).json();
        assertEquals(255, metadata.getString("filename").length());
        assertTrue(metadata.getString("filename_sent").matches("n{1000,1536}"));
    }

    private static String upload(String name) {
        byte[] form = ("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\n\r\nnew\r\n--b--\r\n")
                .getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\nConnection: close\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + form.length
                        + "\r\n\r\n")
                .send(form, 0, form.length)) {
            return connection.rest();
        }
    }
}
