package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.auth.StaticAuthenticator;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** What every reply says, which methods a path has, and how queries are refused: on the wire. */
class ReplyHeadersTest {

    @TempDir
    static Path folder;

    private static LoopGateway gateway;
    private static String id = "";

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(
                folder,
                LoopGateway.Setup.usual()
                        .authenticator(new StaticAuthenticator("static", LoopGateway.USERS, Set.of("alice"))));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            id = client.cacheId(new JsonObject().put("job", "headers"));
            assertEquals(200, client.upload(id, "0123456789").status());
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String exchange(String request) {
        try (RawConnection connection = new RawConnection(gateway.port()).send(request)) {
            return connection.rest();
        }
    }

    private static String call(String method, String target) {
        return exchange(method + " " + target.replace("ID", id) + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + JobClient.TOKEN + "\r\nConnection: close\r\n\r\n");
    }

    private static String head(String reply) {
        return reply.substring(0, reply.indexOf("\r\n\r\n") + 2);
    }

    private static String body(String reply) {
        return reply.substring(reply.indexOf("\r\n\r\n") + 4);
    }

    private static String header(String reply, String name) {
        return head(reply)
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .reduce((one, two) -> one + " and " + two)
                .orElse("none");
    }

    static Stream<String> replies() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "OPTIONS / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/cache/ID HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n\r\n",
                "HEAD /v1/cache/ID HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n\r\n",
                "GET /v1/cache/ID HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "no request\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("replies")
    void everyReplySaysOnceWhenItWasMade(String request) {
        Instant before = Instant.now().minusSeconds(1);
        String date = header(exchange(request.replace("ID", id)), "date");
        Instant said =
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertTrue(said.isAfter(before.minusSeconds(1)) && !said.isAfter(Instant.now()), date);
    }

    @Test
    void aDateHasTwoDigitsForADayAndFollowsTheClock() {
        AtomicLong millis = new AtomicLong(1_772_366_399_999L);
        DateHeader handler = new DateHeader(() -> Instant.ofEpochMilli(millis.get()));
        assertEquals("Sun, 01 Mar 2026 11:59:59 GMT", stamped(handler, HttpResponseStatus.OK));
        millis.incrementAndGet();
        assertEquals("Sun, 01 Mar 2026 12:00:00 GMT", stamped(handler, HttpResponseStatus.NOT_FOUND));
        assertEquals("none", stamped(handler, HttpResponseStatus.CONTINUE));
    }

    private static String stamped(DateHeader handler, HttpResponseStatus status) {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
        HttpResponse response = channel.readOutbound();
        return response.headers().get("Date", "none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/                      | GET, HEAD, OPTIONS",
                "/v1                    | GET, HEAD, OPTIONS",
                "/cache                 | GET, HEAD, OPTIONS",
                "/v1/cache_id           | OPTIONS, POST",
                "/cache/v1/cache_id/    | OPTIONS, POST",
                "/v1/cache              | GET, HEAD, OPTIONS",
                "/v1/cache/ID           | DELETE, GET, HEAD, OPTIONS, POST, PUT",
                "/v1/cache/ID/lease     | DELETE, OPTIONS, POST, PUT",
                "/v1/cache/ID/metadata  | GET, HEAD, OPTIONS",
                "/v1/cache/ID/file      | GET, HEAD, OPTIONS",
                "/v1/lease              | OPTIONS, POST",
                "/v1/expire             | GET, HEAD, OPTIONS, POST",
                "/healthz               | GET, HEAD, OPTIONS",
                "/readyz                | GET, HEAD, OPTIONS",
            })
    void aPathSaysItsMethods(String path, String methods) {
        for (String method : List.of("PATCH", "TRACE")) {
            String refused = call(method, path);
            assertTrue(refused.startsWith("HTTP/1.1 405 "), refused);
            assertEquals(methods, header(refused, "allow"));
            assertEquals("{\"error\":\"Method not allowed\",\"status\":\"error\"}\n", body(refused));
        }
        String options = call("OPTIONS", path);
        assertTrue(options.startsWith("HTTP/1.1 204 "), options);
        assertEquals(methods, header(options, "allow"));
        assertEquals("", body(options));
    }

    @Test
    void theServerSaysAllMethods() {
        String reply = call("OPTIONS", "*");
        assertTrue(reply.startsWith("HTTP/1.1 204 "), reply);
        assertEquals("DELETE, GET, HEAD, OPTIONS, POST, PUT", header(reply, "allow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS", "PATCH"})
    void aPathThatThereIsNotHasNoMethods(String method) {
        String reply = call(method, "/v1/none");
        assertTrue(reply.startsWith("HTTP/1.1 404 "), reply);
        assertEquals("none", header(reply, "allow"));
        assertEquals("{\"status\":\"error\"}\n", body(reply));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/cache",
                "/v1/cache/ID",
                "/v1/cache/ID/metadata",
                "/v1/cache/none",
                "/v1/expire",
                "/healthz",
                "/readyz",
                "/metrics",
                "/cache/v1/",
                "/none"
            })
    void headIsGetWithoutItsBody(String path) {
        String get = call("GET", path);
        String head = call("HEAD", path);
        assertEquals(comparable(get), comparable(head));
        assertEquals("", body(head));
        assertEquals(Integer.toString(body(get).length()), header(get, "content-length"));
    }

    private static List<String> comparable(String reply) {
        return head(reply)
                .lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> !line.startsWith("date: ") && !line.startsWith("x-request-id: "))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/expire?dry_run=1          | dry_run must be true or false",
                "POST | /v1/expire?dry_run=%zz        | dry_run must be percent-encoded UTF-8",
                "POST | /v1/expire?dryrun=true        | Unknown query parameter: dryrun; this route takes dry_run, force",
                "POST | /v1/expire?dry_run            | dry_run must have a value: dry_run=...",
                "POST | /v1/expire?force=true&force=true | force must stand in the query once",
                "GET  | /v1/expire?dry_run=true       | Unknown query parameter: dry_run; this route takes none",
                "GET  | /v1/cache?limit=%zz           | limit must be percent-encoded UTF-8",
                "GET  | /v1/cache?limit=0             | limit must be a whole number from 1 to 1000",
                "GET  | /v1/cache?all=1               | all must be true or false",
                "GET  | /v1/cache?page=2              | Unknown query parameter: page; this route takes all, cursor, limit, prefix",
                "GET  | /v1/cache?cursor=AA           | cursor must be one that a listing gave",
                "GET  | /v1/cache?cursor=_w           | cursor must be one that a listing gave",
                "GET  | /v1/cache?cursor=%00          | cursor must be one that a listing gave",
                "GET  | /v1/cache?cursor=             | cursor must be one that a listing gave",
                "GET  | /v1/cache?prefix=a%2f         | prefix must be the beginning of a cache id",
                "GET  | /v1/cache/ID/metadata?x=1     | Unknown query parameter: x; this route takes none",
                "POST | /v1/cache/ID/lease?ttl=1      | Unknown query parameter: ttl; this route takes none",
            })
    void aQueryThatCannotBeReadIsRefusedAndChangesNothing(String method, String target, String sentence) {
        String before = body(call("GET", "/v1/expire"));
        String reply = call(method, target);
        assertTrue(reply.startsWith("HTTP/1.1 400 "), reply);
        assertEquals("{\"error\":\"" + sentence + "\",\"status\":\"error\"}\n", body(reply));
        assertEquals(before, body(call("GET", "/v1/expire")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/cache?limit=1&all=true",
                "/v1/cache?prefix=a&cursor=YQ",
                "/v1/cache?",
                "/healthz?x=%zz",
                "/v1?x"
            })
    void aQueryThatCanBeReadIsHeard(String target) {
        String reply = call("GET", target);
        assertTrue(reply.startsWith("HTTP/1.1 200 "), reply);
    }

    /** The v1 contract refuses a charset; what is newer takes it. */
    @Test
    void aLeaseIsAskedForInJsonWithACharset() {
        assertTrue(json("/v1/cache_id").startsWith("HTTP/1.1 400 "));
        assertTrue(json("/v1/lease").startsWith("HTTP/1.1 201 "));
    }

    private static String json(String path) {
        String body = "{\"params\":{\"job\":\"charset\"}}";
        return exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                + "\r\nConnection: close\r\n"
                + "Content-Type: application/json; charset=utf-8\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//metrics", "/%6detrics", "/x/../metrics", "/cache/metrics"})
    void metricsHaveOneName(String path) {
        String reply = call("GET", path);
        assertTrue(reply.startsWith("HTTP/1.1 404 "), reply);
        assertFalse(header(reply, "content-type").startsWith("text/plain"), reply);
    }
}
