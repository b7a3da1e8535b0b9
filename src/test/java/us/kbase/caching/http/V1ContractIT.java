package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestFolders;

/** The route table of the contract through real HTTP, byte for byte, on every store, also below /cache and with a slash. */
class V1ContractIT {

    private static final String NOT_FOUND = "{\"error\":\"Cache ID not found\",\"status\":\"error\"}\n";
    private static final String FORBIDDEN =
            "{\"error\":\"You do not have access to that cache\",\"status\":\"error\"}\n";
    private static final String FILE_MISSING = "{\"error\":\"File field missing\",\"status\":\"error\"}\n";
    private static final String OK = "{\"status\":\"ok\"}\n";
    private static final String FORM =
            "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n%s\r\n--b--\r\n";

    private static final List<Gateway> GATEWAYS = new ArrayList<>();
    private static final List<Base> BASES = new ArrayList<>();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A gateway and how its routes are written. */
    private record Base(String store, int port, String mount, String slash) {
        @Override
        public String toString() {
            return store + " " + mount + "…" + slash;
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + mount + path + slash));
        }

        HttpRequest.Builder as(String token, String path) {
            return request(path).header("Authorization", token);
        }
    }

    @BeforeAll
    static void start() {
        Path folder = TestFolders.create("v1-contract");
        start("disk", new GatewayConfig.Store.Disk(folder, false));
        S3Servers.minio().ifPresent(minio -> start("MinIO", Configs.store(minio.bucket())));
    }

    private static void start(String name, GatewayConfig.Store store) {
        Gateway gateway = Await.result(Gateway.start(Configs.of(1, Map.of("t1", "alice", "t2", "bob"), store)));
        GATEWAYS.add(gateway);
        for (String mount : List.of("", "/cache")) {
            for (String slash : List.of("", "/")) {
                BASES.add(new Base(name, gateway.port(), mount, slash));
            }
        }
    }

    @AfterAll
    static void stop() {
        GATEWAYS.forEach(gateway -> Await.result(gateway.close()));
        HTTP.shutdownNow();
    }

    static Stream<Base> bases() {
        return BASES.stream();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void expect(int status, String body, HttpRequest.Builder request) {
        HttpResponse<String> reply = send(request);
        assertEquals(body, reply.body());
        assertEquals(status, reply.statusCode());
        assertEquals(
                "application/json", reply.headers().firstValue("Content-Type").orElse(""));
        assertTrue(reply.headers().firstValue("Set-Cookie").isEmpty());
    }

    private static HttpRequest.Builder upload(Base base, String token, String id, String field, String filename) {
        return base.as(token, "/v1/cache/" + id)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(FORM.formatted(field, filename, "content")));
    }

    private static HttpRequest.Builder reserve(Base base, String token, String type, String body) {
        return base.as(token, "/v1/cache_id").header("Content-Type", type).POST(BodyPublishers.ofString(body));
    }

    private static String reserved(Base base) {
        String params =
                new JsonObject().put("job", UUID.randomUUID().toString()).encode();
        return new JsonObject(
                        send(reserve(base, "t1", "application/json", params)).body())
                .getString("cache_id");
    }

    @ParameterizedTest
    @MethodSource("bases")
    void theRootsNameTheirRoutes(Base base) {
        expect(
                200,
                "{\"endpoints\":{\"api_v1\":{\"desc\":\"API Version 1\",\"example\":\"GET /v1\",\"path\":\"/v1\"}}}\n",
                base.request(base.slash.isEmpty() && base.mount.isEmpty() ? "/" : ""));
        expect(
                200,
                "{\"routes\":{\"delete_cache_file\":\"DELETE /cache/<cache_id>\",\"download_cache_file\":\"GET"
                        + " /cache/<cache_id>\",\"generate_cache_id\":\"POST /cache_id\",\"root\":\"GET"
                        + " /\",\"upload_cache_file\":\"POST /cache/<cache_id>\"}}\n",
                base.request("/v1"));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void unknownPathsAndMethods(Base base) {
        expect(404, "{\"status\":\"error\"}\n", base.request("/v2/nothing"));
        expect(405, "{\"error\":\"Method not allowed\",\"status\":\"error\"}\n", base.request("/v1/cache_id"));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void aCallWithoutATokenSaysSoBeforeAnythingElse(Base base) {
        String missing = "{\"error\":\"Missing header: Authorization\",\"status\":\"error\"}\n";
        expect(400, missing, base.request("/v1/cache_id").POST(BodyPublishers.ofString("nonsense")));
        expect(400, missing, base.request("/v1/cache/unknown"));
        expect(400, missing, base.request("/v1/cache/unknown").DELETE());
        expect(400, missing, base.request("/v1/cache/unknown").POST(BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void anUnknownTokenIsRefused(Base base) {
        expect(403, "{\"error\":\"10020 Invalid token\",\"status\":\"error\"}\n", base.as("bad", "/v1/cache/unknown"));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void parametersThatAreNoneAreRefused(Base base) {
        expect(
                400,
                "{\"error\":\"Invalid Content-Type: 'text/plain'. Must be: 'application/json'.\",\"status\":\"error\"}\n",
                reserve(base, "t1", "text/plain", "{}"));
        expect(
                400,
                "{\"error\":\"JSON parsing error: Expecting value: line 1 column 1 (char 0)\",\"status\":\"error\"}\n",
                reserve(base, "t1", "application/json", ""));
        for (String empty : List.of("{}", "[]", "[1]", "\"x\"", "7", "null")) {
            expect(
                    400,
                    "{\"error\":\"Must provide non-empty JSON data for the cache identifier\",\"status\":\"error\"}\n",
                    reserve(base, "t1", "application/json", empty));
        }
    }

    @ParameterizedTest
    @MethodSource("bases")
    void anIdIsReservedUploadedDownloadedAndDeleted(Base base) {
        String id = reserved(base);
        assertEquals(128, id.length());
        expect(404, NOT_FOUND, base.as("t1", "/v1/cache/" + id));
        expect(400, FILE_MISSING, upload(base, "t1", id, "other", "x.txt"));
        expect(400, FILE_MISSING, upload(base, "t1", id, "file", ""));
        expect(400, FILE_MISSING, base.as("t1", "/v1/cache/" + id).POST(BodyPublishers.noBody()));
        expect(200, OK, upload(base, "t1", id, "file", "../a b/My File (1).fa.gz"));
        HttpResponse<String> file = send(base.as("t1", "/v1/cache/" + id));
        assertEquals("content", file.body());
        assertEquals(
                "application/octet-stream",
                file.headers().firstValue("Content-Type").orElse(""));
        assertTrue(file.headers().firstValue("Content-Disposition").isEmpty());
        expect(200, OK, base.as("t1", "/v1/cache/" + id).DELETE());
        expect(404, NOT_FOUND, base.as("t1", "/v1/cache/" + id).DELETE());
    }

    @ParameterizedTest
    @MethodSource("bases")
    void anUnknownIdIsNotFoundBySayingSo(Base base) {
        for (String id : List.of("unknown", UUID.randomUUID().toString(), "0".repeat(200), "a%00b", "..%2F..", "a.b")) {
            expect(404, NOT_FOUND, base.as("t1", "/v1/cache/" + id));
            expect(404, NOT_FOUND, base.as("t1", "/v1/cache/" + id).DELETE());
            expect(404, NOT_FOUND, upload(base, "t1", id, "file", "x"));
        }
    }

    @ParameterizedTest
    @MethodSource("bases")
    void anotherUsersEntryIsForbidden(Base base) {
        String id = reserved(base);
        expect(403, FORBIDDEN, base.as("t2", "/v1/cache/" + id));
        expect(403, FORBIDDEN, base.as("t2", "/v1/cache/" + id).DELETE());
        expect(403, FORBIDDEN, upload(base, "t2", id, "file", "x"));
        expect(200, OK, upload(base, "t1", id, "file", "x"));
        expect(403, FORBIDDEN, base.as("t2", "/v1/cache/" + id));
    }
}
