package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import us.kbase.caching.testing.LoopGateway;

/** What a browser is told of pages of other origins (Fetch standard, section 3.2). */
class CorsTest {

    private static final String PAGE = "https://narrative.kbase.us";

    /** Those that every script may read, and one that is for the browser. */
    private static final Set<String> NEED_NO_NAMING =
            Set.of("Cache-Control", "Content-Length", "Content-Type", "Last-Modified", "X-Content-Type-Options");

    @TempDir
    private Path folder;

    /** One request to a gateway that lets these origins call. */
    private HttpResponse<String> reply(Set<String> origins, String method, String path, String... headers) {
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().corsOrigins(origins));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + path))
                    .method(method, BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String header(HttpResponse<?> reply, String name) {
        return reply.headers().firstValue(name).orElse("none");
    }

    private static void assertSilent(HttpResponse<?> reply) {
        assertEquals(
                List.of(),
                reply.headers().map().keySet().stream()
                        .filter(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"))
                        .toList());
    }

    private HttpResponse<String> preflight(Set<String> origins, String origin, String path) {
        return reply(
                origins,
                "OPTIONS",
                path,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "authorization,if-none-match");
    }

    @Nested
    class WithoutOrigins {

        @Test
        void noReplySpeaksOfIt() {
            HttpResponse<String> reply = reply(Set.of(), "GET", "/v1", "Origin", PAGE);
            assertEquals(200, reply.statusCode());
            assertSilent(reply);
            assertEquals("none", header(reply, "Vary"));
        }

        @Test
        void aPreflightIsAnOrdinaryOptions() {
            HttpResponse<String> reply = preflight(Set.of(), PAGE, "/v1/cache_id");
            assertEquals(204, reply.statusCode());
            assertEquals("OPTIONS, POST", header(reply, "Allow"));
            assertSilent(reply);
        }
    }

    @Nested
    class WithAListOfOrigins {

        private final Set<String> origins = Set.of(PAGE, "http://localhost:3000");

        @ParameterizedTest
        @ValueSource(strings = {PAGE, "http://localhost:3000"})
        void theirPagesMayReadReplies(String origin) {
            HttpResponse<String> reply = reply(origins, "GET", "/v1", "Origin", origin);
            assertEquals(200, reply.statusCode());
            assertEquals(origin, header(reply, "Access-Control-Allow-Origin"));
            assertEquals("Origin", header(reply, "Vary"));
            assertEquals(Cors.REPLY_HEADERS, header(reply, "Access-Control-Expose-Headers"));
        }

        /** A page must be able to read why it was refused. */
        @ParameterizedTest
        @CsvSource({
            "GET, /v1/cache/none, 400",
            "POST, /v1, 405",
            "GET, /nowhere, 404",
            "GET, /v1/cache, 400",
            "BREW, /v1, 501"
        })
        void refusalsToo(String method, String path, int status) {
            HttpResponse<String> reply = reply(origins, method, path, "Origin", PAGE);
            assertEquals(status, reply.statusCode());
            assertEquals(PAGE, header(reply, "Access-Control-Allow-Origin"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/v1/cache_id", "/v1/cache/any", "/cache/v1/cache/any/file", "/v1/lease"})
        void aPreflightNeedsNoTokenAndNamesWhatIsTaken(String path) {
            HttpResponse<String> reply = preflight(origins, PAGE, path);
            assertEquals(204, reply.statusCode());
            assertEquals(PAGE, header(reply, "Access-Control-Allow-Origin"));
            assertEquals(Cors.METHODS, header(reply, "Access-Control-Allow-Methods"));
            assertEquals(Cors.REQUEST_HEADERS, header(reply, "Access-Control-Allow-Headers"));
            assertEquals("7200", header(reply, "Access-Control-Max-Age"));
            assertEquals("Origin", header(reply, "Vary"));
        }

        /** Also of this gateway's own pages, whose browser sends an Origin with what is no GET. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://narrative.kbase.us.evil.example",
                    "http://narrative.kbase.us",
                    "https://NARRATIVE.kbase.us",
                    "https://narrative.kbase.us:443",
                    "null",
                    "*",
                    ""
                })
        void ofOthersNothingIsSaidAndNothingRefused(String origin) {
            HttpResponse<String> reply = reply(origins, "GET", "/v1", "Origin", origin);
            assertEquals(200, reply.statusCode());
            assertSilent(reply);
            assertEquals("Origin", header(reply, "Vary"));
            assertSilent(preflight(origins, origin, "/v1"));
        }

        @Test
        void repliesToWhoHasNoOriginVaryToo() {
            HttpResponse<String> reply = reply(origins, "GET", "/v1");
            assertSilent(reply);
            assertEquals("Origin", header(reply, "Vary"));
        }

        @Test
        void anOptionsThatIsNoPreflightIsNone() {
            HttpResponse<String> reply = reply(origins, "OPTIONS", "/v1", "Origin", PAGE);
            assertEquals("none", header(reply, "Access-Control-Allow-Methods"));
            assertEquals(PAGE, header(reply, "Access-Control-Allow-Origin"));
        }
    }

    @Nested
    class WithEveryPage {

        @ParameterizedTest
        @ValueSource(strings = {PAGE, "null"})
        void eachMayCallAndRepliesAreTheSameForAll(String origin) {
            HttpResponse<String> reply = reply(Set.of("*"), "GET", "/v1", "Origin", origin);
            assertEquals("*", header(reply, "Access-Control-Allow-Origin"));
            assertEquals("none", header(reply, "Vary"));
            assertEquals("none", header(reply, "Access-Control-Allow-Credentials"));
        }
    }

    private static Set<String> named(String headers) {
        return Arrays.stream(headers.split(", ")).collect(Collectors.toCollection(TreeSet::new));
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> maps(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().flatMap(CorsTest::maps);
        }
        return value instanceof Map<?, ?> map
                ? Stream.concat(
                        Stream.of((Map<String, Object>) map),
                        map.values().stream().flatMap(CorsTest::maps))
                : Stream.empty();
    }

    /** A header that the API gets must not be forgotten here. */
    @Test
    void everyHeaderThatRoutesReadMayBeSent() throws IOException {
        Set<String> sent = maps(new Yaml().load(Files.readString(Path.of("docs/openapi.yaml"))))
                .filter(map -> "header".equals(map.get("in")) && map.get("schema") != null)
                .map(map -> String.valueOf(map.get("name")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(sent.contains("If-None-Match"), sent.toString());
        sent.removeAll(named(Cors.REQUEST_HEADERS));
        assertEquals(Set.of(), sent);
    }

    @Test
    void everyHeaderOfRepliesMayBeRead() throws IOException {
        Set<String> read = maps(new Yaml().load(Files.readString(Path.of("docs/openapi.yaml"))))
                .filter(map -> map.get("description") != null && map.get("headers") instanceof Map<?, ?>)
                .flatMap(map ->
                        ((Map<?, ?>) map.get("headers")).keySet().stream().map(String::valueOf))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(read.contains("ETag"), read.toString());
        read.removeAll(named(Cors.REPLY_HEADERS));
        read.removeAll(NEED_NO_NAMING);
        assertEquals(Set.of(), read);
    }
}
