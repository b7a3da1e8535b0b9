package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
import us.kbase.caching.testing.RawConnection;

/**
 * A request whose beginning, end or host could be read in two ways is refused and its connection closed: what follows it is
 * never taken for a second request (RFC 9112 sections 3.2, 5, 6.1 and 6.3).
 */
class FramingTest {

    private static final String FORM =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nnew\r\n--b--\r\n";

    @TempDir
    static Path folder;

    private static Gateway gateway;
    private static JobClient client;
    private static String id = "";

    @BeforeAll
    static void start() {
        gateway = Await.result(Gateway.start(
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder, false))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        client.close();
        Await.result(gateway.close());
    }

    @BeforeEach
    void upload() {
        id = client.cacheId(new JsonObject().put("job", "framing"));
        assertEquals(200, client.upload(id, "old").status());
    }

    @AfterEach
    void theServerStillServesAndNothingChanged() {
        assertEquals("old", new String(client.download(id).body(), StandardCharsets.UTF_8));
    }

    /** What an attacker hopes to have taken for a request of its own. */
    private static String smuggled() {
        return "DELETE /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n";
    }

    private static String upload(String version, String headers) {
        return "POST /v1/cache/" + id + " HTTP/" + version + "\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\n" + headers + "\r\n";
    }

    private static String chunked(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private static Arguments row(String name, int status, String headers, String body) {
        return arguments(name, status, "1.1", "Host: x\r\n" + headers, body);
    }

    static Stream<Arguments> uploads() {
        String length = "Content-Length: " + FORM.length() + "\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n";
        return Stream.of(
                row("a length and chunks", 400, length + chunked, chunked(FORM)),
                row("chunks and a length", 400, chunked + length, chunked(FORM)),
                row("two lengths", 400, "Content-Length: 4\r\n" + length, FORM),
                row("two lengths that agree", 400, length + length, FORM),
                row("a list of lengths", 400, "Content-Length: 4, " + FORM.length() + "\r\n", FORM),
                row("a length with a sign", 400, "Content-Length: +" + FORM.length() + "\r\n", FORM),
                row("a negative length", 400, "Content-Length: -1\r\n", FORM),
                row("a length in hex", 400, "Content-Length: 0x5\r\n", FORM),
                row("a length without digits", 400, "Content-Length:\r\n", FORM),
                row("a length beyond a long", 400, "Content-Length: 99999999999999999999\r\n", FORM),
                row("a space before the colon", 400, "Content-Length : " + FORM.length() + "\r\n", FORM),
                row("a folded length", 400, "Content-Length:\r\n " + FORM.length() + "\r\n", FORM),
                row("a folded transfer encoding", 400, "Transfer-Encoding:\r\n chunked\r\n", chunked(FORM)),
                row("a transfer encoding folded after it", 400, "Transfer-Encoding: chunked\r\n \r\n", chunked(FORM)),
                row("an unknown encoding last", 400, "Transfer-Encoding: chunked, xchunked\r\n", chunked(FORM)),
                row("an unknown encoding first", 400, "Transfer-Encoding: gzip, chunked\r\n", chunked(FORM)),
                row("an unknown encoding and a length", 400, "Transfer-Encoding: xchunked\r\n" + length, FORM),
                row("an unknown encoding alone", 400, "Transfer-Encoding: identity\r\n", FORM),
                row("chunks twice", 400, chunked + chunked, chunked(FORM)),
                row("chunks twice in a list", 400, "Transfer-Encoding: chunked, chunked\r\n", chunked(FORM)),
                row(
                        "an encoding behind a control character",
                        400,
                        "Transfer-Encoding: \u000bchunked\r\n",
                        chunked(FORM)),
                arguments("chunks in HTTP/1.0", 400, "1.0", chunked, chunked(FORM)),
                arguments("no host", 400, "1.1", length, FORM),
                row("two tokens", 400, "Authorization: a\r\nauthorization: b\r\n" + length, FORM),
                row("two tokens that agree", 400, "Authorization: a\r\nAuthorization: a\r\n" + length, FORM),
                row("two hosts", 400, "Host: y\r\n" + length, FORM),
                row("two hosts that agree", 400, "Host: x\r\n" + length, FORM),
                arguments("a folded host", 400, "1.1", "Host:\r\n x\r\n" + length, FORM),
                arguments("a host that is none", 400, "1.1", "Host: x y\r\n" + length, FORM),
                arguments("a host with a path", 400, "1.1", "Host: x/y\r\n" + length, FORM),
                arguments("a host with a user", 400, "1.1", "Host: a@x\r\n" + length, FORM),
                row("a bare line feed between headers", 400, "A: b\n" + length, FORM),
                row("a zero byte in a value", 400, "A: b\0c\r\n" + length, FORM),
                row("a zero byte in a name", 400, "A\0: b\r\n" + length, FORM),
                row("a carriage return in a value", 400, "A: b\rc\r\n" + length, FORM),
                row("a header without a colon", 400, "A\r\n" + length, FORM),
                row("a header without a name", 400, ": a\r\n" + length, FORM),
                row("a header of 17 KiB", 431, "A: " + "b".repeat(17 << 10) + "\r\n" + length, FORM),
                row("a thousand headers of 20 bytes", 431, "A1234567: 12345678\r\n".repeat(1000) + length, FORM));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uploads")
    void anAmbiguousUploadIsRefused(String name, int status, String version, String headers, String body) {
        refused(status, upload(version, headers) + body + smuggled());
    }

    static Stream<Arguments> chunks() {
        return Stream.of(
                arguments("a line feed in a chunk's extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                arguments("a bare line feed after a chunk's size", "3\nabc\r\n0\r\n\r\n"),
                arguments("a bare line feed after a chunk", "3\r\nabc\n0\r\n\r\n"),
                arguments("a size that is none", "zz\r\nabc\r\n0\r\n\r\n"),
                arguments("a negative size", "-3\r\nabc\r\n0\r\n\r\n"),
                arguments("a size beyond an int", "fffffffff\r\nabc\r\n0\r\n\r\n"),
                arguments("a size in 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                arguments("a chunk longer than its size", "2\r\nabc\r\n0\r\n\r\n"));
    }

    /** The headers are in order, so an answer may be on its way already; but nothing is published and nothing follows. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("chunks")
    void aBrokenChunkEndsTheConnectionAndPublishesNothing(String name, String body) {
        String replies = replies(upload("1.1", "Host: x\r\nTransfer-Encoding: chunked\r\n") + body + smuggled());
        assertTrue(replies.isEmpty() || replies.startsWith("HTTP/1.1 400 "), replies);
        assertTrue(replies.lastIndexOf("HTTP/1.1 ") <= 0, replies);
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("a path of 5000 bytes", 414, "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                arguments("a zero byte before the request", 400, "\0GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n"),
                arguments("only bare line feeds", 400, "GET /v1 HTTP/1.1\nHost: x\n\n"),
                arguments("a folded first header", 400, "GET /v1 HTTP/1.1\r\n Host: x\r\n\r\n"),
                arguments("no host on a read", 400, "GET /v1 HTTP/1.1\r\n\r\n"),
                arguments("another protocol", 400, "GET /v1 SPDY/1\r\nHost: x\r\n\r\n"),
                arguments("HTTP/2 without asking", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                arguments("a version in small letters", 505, "GET /v1 http/1.1\r\nHost: x\r\n\r\n"),
                arguments("a version with a zero", 505, "GET /v1 HTTP/01.1\r\nHost: x\r\n\r\n"),
                arguments("a URL without a host", 400, "GET http:///v1 HTTP/1.1\r\nHost:\r\n\r\n"),
                arguments("a URL with a user", 400, "GET http://u:p@x/v1 HTTP/1.1\r\nHost: x\r\n\r\n"),
                arguments("a URL of another scheme", 400, "GET ftp://x/v1 HTTP/1.1\r\nHost: x\r\n\r\n"),
                arguments("a space in the path", 400, "GET /v1 /v2 HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void aMalformedHeadIsRefused(String name, int status, String request) {
        refused(status, request + smuggled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x:5000", "127.0.0.1", "[::1]:5000", "a-b.example", ""})
    void aHostThatMayBeIsServed(String host) {
        assertTrue(one("GET /v1 HTTP/1.1\r\nHost: " + host + "\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://x/v1", "HTTPS://x:5000/v1", "http://[::1]/v1?a", "/v1?a=ftp://b"})
    void aTargetThatMayBeIsServed(String target) {
        assertTrue(one("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    /** Vert.x heard the word only where it stood alone (RFC 9112 section 9.6). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "close",
                "TE, close",
                "close, foo",
                "Close ,close",
                "keep-alive, close",
                "foo\r\nConnection: close"
            })
    void nothingIsDoneBehindARequestThatClosesItsConnection(String said) {
        refused(200, "GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: " + said + "\r\n\r\n" + smuggled());
    }

    @Test
    void theOlderProtocolIsKeptAliveByAWordOfAList() {
        String first = "GET /v1 HTTP/1.0\r\nConnection: TE, keep-alive\r\n\r\n";
        String both = replies(first + "GET /v1 HTTP/1.0\r\n\r\n");
        assertEquals(3, both.split("HTTP/1.0 200 ", -1).length, both);
    }

    @Test
    void theOlderProtocolNeedsNoHost() {
        assertTrue(replies("GET /v1 HTTP/1.0\r\n\r\n").startsWith("HTTP/1.0 200 "));
    }

    /** More of them than the longest request line, at once (RFC 9112 section 2.2). */
    @Test
    void emptyLinesBeforeARequestAreNoneOfIt() {
        try (RawConnection connection = new RawConnection(gateway.port())
                .send("\r\n".repeat(OpenHead.LINE_BYTES_MAX)
                        + "GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
            String answer = connection.rest();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void chunksAreKnownInAnyCase() {
        assertTrue(one(upload("1.1", "Host: x\r\ntransfer-encoding: CHUNKED\r\n") + chunked(FORM.replace("new", "old")))
                .startsWith("HTTP/1.1 200 "));
    }

    private static void refused(int status, String request) {
        String replies = replies(request);
        assertTrue(replies.matches("(?s)HTTP/\\d\\.\\d " + status + " .*"), "answered: " + replies);
        assertEquals(0, replies.lastIndexOf("HTTP/"), "more than one answer: " + replies);
    }

    /** Everything that is answered until the server closes the connection. */
    private static String replies(String request) {
        try (RawConnection connection = new RawConnection(gateway.port()).send(request)) {
            return connection.rest();
        }
    }

    private static String one(String request) {
        try (RawConnection connection = new RawConnection(gateway.port()).send(request)) {
            return connection.head();
        }
    }

    /** Nobody is invited to send a body that is refused, and not a byte of it is needed for the answer. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedBeforeTheBody")
    void aClientThatAsksBeforeItSendsIsRefusedAtOnce(String name, int status, String head) {
        String replies = replies(head + "Host: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                + "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
        assertTrue(replies.startsWith("HTTP/1.1 " + status + " "), "answered: " + replies);
        assertEquals(0, replies.lastIndexOf("HTTP/1.1 "), "more than one answer: " + replies);
    }

    static Stream<Arguments> refusedBeforeTheBody() {
        return Stream.of(
                arguments("no token", 400, "POST /v1/cache/" + id + " HTTP/1.1\r\n"),
                arguments("a wrong token", 403, "POST /v1/cache/" + id + " HTTP/1.1\r\nAuthorization: no\r\n"),
                arguments(
                        "an unknown id",
                        404,
                        "POST /v1/cache/unknown HTTP/1.1\r\nAuthorization: " + JobClient.TOKEN + "\r\n"),
                arguments("no id", 404, "POST /v1/cache/a.b HTTP/1.1\r\nAuthorization: " + JobClient.TOKEN + "\r\n"),
                arguments("parameters without a token", 400, "POST /v1/cache_id HTTP/1.1\r\n"));
    }

    /** It asked and did not wait; whether it is told to go on depends on when its form is looked at. */
    @Test
    void aClientThatAsksAndSendsAtOnceReadsWhyItsFormIsRefused() {
        String encoded = FORM.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        try (RawConnection connection = new RawConnection(gateway.port())
                .send(upload("1.1", "Host: x\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n") + encoded)) {
            String first = connection.head();
            String reply = first.startsWith("HTTP/1.1 100 ") ? connection.head() : first;
            assertTrue(reply.startsWith("HTTP/1.1 400 "), "answered: " + reply);
        }
    }

    @Test
    void aClientThatAsksBeforeItSendsIsToldToGoOnOnceItMayUpload() {
        String form = FORM.replace("new", "old");
        try (RawConnection connection = new RawConnection(gateway.port())
                .send(upload("1.1", "Host: x\r\nExpect: 100-continue\r\nContent-Length: " + form.length() + "\r\n"))) {
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", connection.head());
            connection.send(form);
            assertTrue(connection.head().startsWith("HTTP/1.1 200 "));
        }
    }
}
