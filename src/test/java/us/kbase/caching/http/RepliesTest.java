package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.LogCapture;

/** What goes over the wire for an answer and for each failure, byte for byte. */
class RepliesTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Vertx vertx;
    private static HttpServer server;
    private static volatile Handler<RoutingContext> answer;

    @BeforeAll
    static void listen() {
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route().handler(context -> answer.handle(context));
        server = Await.result(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        Await.result(vertx.close());
    }

    private static HttpResponse<String> answered(Handler<RoutingContext> handler) throws Exception {
        answer = handler;
        URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/");
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> failed(Throwable cause) throws Exception {
        return answered(context -> FailureHandler.fail(context, cause));
    }

    @Nested
    class AnAnswer {

        @Test
        void hasSortedKeysNoSpacesAndALineEnd() throws Exception {
            Map<String, Object> metadata = new LinkedHashMap<>();
            metadata.put("token_id", "http://auth:5000:user");
            metadata.put("expiration", "1");
            metadata.put("filename", "a \"b\"/c");
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("status", "ok");
            fields.put("metadata", metadata);
            fields.put("cache_id", "id");
            HttpResponse<String> reply = answered(context -> JsonReply.send(context.response(), 200, fields));
            assertEquals(
                    "{\"cache_id\":\"id\",\"metadata\":{\"expiration\":\"1\",\"filename\":\"a \\\"b\\\"/c\","
                            + "\"token_id\":\"http://auth:5000:user\"},\"status\":\"ok\"}\n",
                    reply.body());
        }

        @Test
        void isJsonWithoutACharset() throws Exception {
            HttpResponse<String> reply =
                    answered(context -> JsonReply.send(context.response(), 200, Map.of("status", "ok")));
            assertEquals(200, reply.statusCode());
            assertEquals(
                    "application/json",
                    reply.headers().firstValue("Content-Type").orElseThrow());
            assertEquals("16", reply.headers().firstValue("Content-Length").orElseThrow());
        }

        @Test
        void isSentOnce() throws Exception {
            HttpResponse<String> reply = answered(context -> {
                JsonReply.send(context.response(), 200, Map.of("n", 1));
                JsonReply.send(context.response(), 500, Map.of("n", 2));
            });
            assertEquals("{\"n\":1}\n", reply.body());
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(404, "Cache ID not found", new Failure.NotFound()),
                arguments(404, "no such file", new Failure.NotFound("no such file")),
                arguments(403, "no access", new Failure.Forbidden("no access")),
                arguments(400, "File field missing", new Failure.BadInput("File field missing")),
                arguments(408, "slow", new Failure.TooSlow("slow")),
                arguments(409, "The lease does not hold any more; nothing was changed", new Failure.LeaseLost()),
                arguments(409, "no ZIP file", new Failure.NotABundle("no ZIP file")),
                arguments(
                        412,
                        "The result that is there is not as If-Match demands; nothing was changed",
                        new Failure.PreconditionFailed("If-Match")),
                arguments(501, "no leases here", new Failure.Unsupported("no leases here")),
                arguments(413, "long", new Failure.TooLarge("long")),
                arguments(416, "The requested range lies outside the file", new Failure.RangeNotSatisfiable(7)),
                arguments(429, "many", new Failure.TooMany("many", 3)),
                arguments(503, "busy", new Failure.Busy("busy")),
                arguments(503, "down", new Failure.Upstream("down", new IOException("secret detail"))),
                arguments(507, "The store has no space left", new Failure.StorageFull(new IOException("disk"))),
                arguments(500, "Unexpected server error", new IllegalStateException("a bug's detail")),
                arguments(500, "Unexpected server error", new Conflict()));
    }

    @Nested
    class AFailure {

        @ParameterizedTest
        @MethodSource("us.kbase.caching.http.RepliesTest#failures")
        void isItsStatusAndItsSentence(int status, String sentence, Throwable cause) throws Exception {
            HttpResponse<String> reply = failed(cause);
            assertEquals(status, reply.statusCode());
            assertEquals("{\"error\":\"" + sentence + "\",\"status\":\"error\"}\n", reply.body());
            assertEquals(
                    "application/json",
                    reply.headers().firstValue("Content-Type").orElseThrow());
        }

        @ParameterizedTest
        @MethodSource("us.kbase.caching.http.RepliesTest#failures")
        void saysWhenToComeBackIfComingBackHelps(int status, String sentence, Throwable cause) throws Exception {
            assertEquals(
                    status == 503 ? "5" : status == 429 ? "3" : "never",
                    failed(cause).headers().firstValue("Retry-After").orElse("never"));
        }

        @Test
        void ofARangeSaysTheLength() throws Exception {
            HttpResponse<String> reply = failed(new Failure.RangeNotSatisfiable(7));
            assertEquals(
                    "bytes */7", reply.headers().firstValue("Content-Range").orElseThrow());
        }

        @Test
        void replacesTheLengthThatWasPromised() throws Exception {
            HttpResponse<String> reply = answered(context -> {
                context.response().putHeader("Content-Length", "1000000");
                FailureHandler.fail(context, new Failure.NotFound());
            });
            assertEquals(404, reply.statusCode());
        }

        /** A listener of a future that throws leaves the request without an answer. */
        @Test
        void isAlsoWhatGoesWrongWhileTheReplyIsMade() throws Exception {
            HttpResponse<String> reply =
                    answered(context -> FailureHandler.answer(context, Future.succeededFuture("x"), text -> {
                        throw new IllegalStateException(text);
                    }));
            assertEquals(500, reply.statusCode());
            assertEquals("{\"error\":\"Unexpected server error\",\"status\":\"error\"}\n", reply.body());
        }

        /** Ended well, a part of a file would pass for the whole. */
        @Test
        void afterTheFirstByteCutsTheConnection() {
            assertThrows(
                    IOException.class,
                    () -> answered(context -> context.response()
                            .setChunked(true)
                            .write("half")
                            .onComplete(v -> FailureHandler.fail(context, new Failure.Upstream("broke", null)))));
        }

        @Test
        void tellsItsCauseToTheLogOnly() throws Exception {
            try (LogCapture log = new LogCapture()) {
                assertFalse(failed(new Failure.Upstream("down", new IOException("detail")))
                        .body()
                        .contains("detail"));
                assertTrue(log.lines().stream().anyMatch(line -> line.contains("detail")));
            }
        }
    }

    /** A kind of failure without a row above would be an unexpected error to the client. */
    @Test
    void everyKindOfFailureHasItsRow() {
        Set<Class<?>> inTable = failures().map(row -> row.get()[2].getClass()).collect(Collectors.toSet());
        inTable.add(Failure.ClientGone.class); // nobody is left to answer
        Set<Class<?>> missing =
                Stream.of(Failure.class.getPermittedSubclasses()).collect(Collectors.toSet());
        missing.removeAll(inTable);
        assertEquals(Set.of(), missing);
    }

    @Test
    void failuresAreAnswersAndCarryNoStackTrace() {
        failures()
                .map(row -> row.get()[2])
                .filter(Failure.class::isInstance)
                .forEach(failure -> assertEquals(0, ((Failure) failure).getStackTrace().length));
    }
}
