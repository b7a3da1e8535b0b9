package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;

/** What a gateway counts of its work, as an operator sees it. */
class TallyTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Gateway gateway;
    private JobClient jobs;

    @BeforeEach
    void start() {
        gateway = Await.result(Gateway.start(Configs.of(
                1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder.resolve("data"), false))));
        jobs = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterEach
    void stop() {
        jobs.close();
        http.shutdownNow();
        Await.result(gateway.close());
    }

    private double shown(String series) {
        try {
            String all = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + gateway.metricsPort().orElseThrow() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return all.lines()
                    .filter(line -> line.startsWith(series + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(series + " is not in " + all));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String newId(int job) {
        return jobs.cacheId(new JsonObject().put("job", job));
    }

    private HttpResponse<String> send(String id, String method, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + "/v1/cache/" + id))
                    .header("Authorization", JobClient.TOKEN)
                    .method(
                            method,
                            method.equals("PUT") ? BodyPublishers.ofString("a result") : BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDownloadIsAHitOrAMiss() {
        String id = newId(1);
        assertEquals(404, send(id, "GET").statusCode());
        assertEquals(200, send(id, "PUT").statusCode());
        assertEquals(200, send(id, "GET").statusCode());
        assertEquals(200, send(id, "GET").statusCode());
        assertEquals(1, shown("caching_results_total{kind=\"miss\"}"));
        assertEquals(1, shown("caching_results_total{kind=\"upload\"}"));
        assertEquals(2, shown("caching_results_total{kind=\"hit\"}"));
    }

    @Test
    void aResultThatIsReadInRangesIsOneHit() {
        String id = newId(1);
        assertEquals(200, send(id, "PUT").statusCode());
        assertEquals(206, send(id, "GET", "Range", "bytes=0-3").statusCode());
        assertEquals(206, send(id, "GET", "Range", "bytes=4-").statusCode());
        assertEquals(1, shown("caching_results_total{kind=\"hit\"}"));
    }

    @Test
    void aDownloadUnderAConditionCountsAsOneWithoutOne() {
        String id = newId(1);
        assertEquals(404, send(id, "GET", "If-None-Match", "\"x\"").statusCode());
        assertEquals(200, send(id, "PUT").statusCode());
        String etag = send(id, "HEAD").headers().firstValue("ETag").orElseThrow();
        assertEquals(304, send(id, "GET", "If-None-Match", etag).statusCode());
        assertEquals(200, send(id, "GET", "If-Match", etag).statusCode());
        assertEquals(1, shown("caching_results_total{kind=\"miss\"}"));
        assertEquals(2, shown("caching_results_total{kind=\"hit\"}"));
    }

    @Test
    void theTimeThatAJobTookComesBackAndIsSavedByEachHit() {
        String id = newId(1);
        assertEquals(200, send(id, "PUT", "Cache-Compute-Seconds", "3600").statusCode());
        for (int hit = 0; hit < 2; hit++) {
            assertEquals(
                    "3600",
                    send(id, "GET")
                            .headers()
                            .firstValue("Cache-Compute-Seconds")
                            .orElse(""));
        }
        assertEquals(
                "3600",
                send(id, "HEAD").headers().firstValue("Cache-Compute-Seconds").orElse(""));
        assertEquals(7200, shown("caching_saved_seconds_total"));
    }

    @Test
    void aTimeThatIsNoWholeNumberIsRefusedAndChangesNothing() {
        String id = newId(1);
        HttpResponse<String> refused = send(id, "PUT", "Cache-Compute-Seconds", "long");
        assertEquals(400, refused.statusCode());
        assertEquals(
                "Cache-Compute-Seconds must be a whole number from 0 to 999999999",
                new JsonObject(refused.body()).getString("error"));
        assertEquals(404, send(id, "GET").statusCode());
    }

    @Test
    void whatCameOfLeasesIsCounted() {
        String id = newId(1);
        String lease = jobs.ask(id, new JsonObject()).json().getString("lease");
        assertEquals("pending", jobs.ask(id, new JsonObject()).state());
        assertEquals(409, jobs.renew(id, "another").status());
        assertEquals(409, jobs.upload(id, "a result", "another").status());
        assertEquals(200, jobs.upload(id, "a result", lease).status());
        assertEquals("ready", jobs.ask(id, new JsonObject()).state());
        assertEquals(1, shown("caching_leases_total{kind=\"given\"}"));
        assertEquals(1, shown("caching_leases_total{kind=\"pending\"}"));
        assertEquals(1, shown("caching_leases_total{kind=\"ready\"}"));
        assertEquals(2, shown("caching_leases_total{kind=\"lost\"}"));
    }
}
