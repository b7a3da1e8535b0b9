package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** Downloads whose bytes are not those of their upload are counted, each of them and no other. */
class DamageMetricsTest extends OnRawS3 {

    private static final String S3 = "x-amz-request-id: 1\r\n";
    private static final String UPLOADED = "what was uploaded";

    private Gateway gateway;
    private JobClient client;
    private String id;
    private volatile String owner = "";
    private volatile String kept = UPLOADED;

    @BeforeEach
    void start() {
        server.answer(this::answer);
        gateway = Await.result(
                Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(server.bucket()))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        id = client.cacheId(new JsonObject().put("job", 1));
    }

    @AfterEach
    void stop() {
        client.close();
        Await.result(gateway.close());
    }

    /** A bucket with one result, of whoever asked for its id. */
    private Told answer(Asked asked) {
        if (asked.is("PUT")) {
            if (asked.header("x-amz-meta-token_id").startsWith("static:")) { // no check of the bucket, no tag
                owner = asked.header("x-amz-meta-token_id");
            }
            return Told.of(200, S3 + "ETag: \"p\"\r\n", "");
        }
        if (owner.isEmpty() || !asked.is("GET") && !asked.is("HEAD")) {
            return Told.of(
                    "HTTP/1.1 404 X\r\nDate: " + RawS3.date() + "\r\n" + S3 + "Content-Length: 0\r\n", Buffer.buffer());
        }
        boolean range = !asked.header("Range").isEmpty();
        return Told.of(
                (range ? "HTTP/1.1 206 X\r\nContent-Range: bytes 0-3/" + kept.length() : "HTTP/1.1 200 X")
                        + "\r\nDate: " + RawS3.date() + "\r\n" + S3 + "ETag: \"e\"\r\nContent-Length: "
                        + (range ? 4 : kept.length())
                        + "\r\nx-amz-meta-expiration: 100000000000\r\nx-amz-meta-filename: f\r\nx-amz-meta-token_id: "
                        + owner + "\r\nx-amz-checksum-crc32c: " + checksum() + "\r\n",
                Buffer.buffer(asked.is("HEAD") ? "" : range ? kept.substring(0, 4) : kept));
    }

    private static String checksum() {
        RunningDigest digest = RunningDigest.of(DigestAlgorithm.CRC32C);
        digest.update(Buffer.buffer(UPLOADED));
        return digest.digest().base64();
    }

    private double damaged() {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
        String shown = new String(client.send(HttpRequest.newBuilder(metrics)).body(), StandardCharsets.UTF_8);
        String name = "caching_downloads_damaged_total ";
        return shown.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachDownloadOfOtherBytesIsCounted() {
        kept = UPLOADED.replace("what", "that");
        for (int download = 0; download < 2; download++) {
            int status = client.download(id).status();
            assertTrue(status >= 500, "answered " + status);
        }
        assertEquals(2, damaged());
    }

    @Test
    void aDownloadOfTheUploadsBytesIsNot() {
        assertEquals(200, client.download(id).status());
        assertEquals(0, damaged());
    }

    @Test
    void aRangeIsNotSinceOnlyTheWholeHasAChecksum() {
        kept = UPLOADED.replace("what", "that");
        assertEquals(
                206,
                client.send(client.request("/cache/" + id).header("Range", "bytes=0-3"))
                        .status());
        assertEquals(0, damaged());
    }
}
