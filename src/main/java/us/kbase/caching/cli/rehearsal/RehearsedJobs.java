package us.kbase.caching.cli.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The calls of a job client: id, upload, download, delete; every fiftieth job has a file that is streamed in parts. */
final class RehearsedJobs {

    private static final int AT_ONCE = 4;
    private static final int LARGE_EVERY = 250;
    private static final int SMALL_BYTES = 1_000;
    private static final int LARGE_BYTES = (5 << 20) + (256 << 10);
    private static final String BOUNDARY = "rehearsal-boundary";

    private final HttpClient client;
    private final int port;
    private final int jobs;
    private final long endNanos;
    private final Buffer small = form(SMALL_BYTES);
    private final Buffer large = form(LARGE_BYTES);
    private int begun;

    RehearsedJobs(Vertx vertx, int port, Rehearsal.Extent extent) {
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(AT_ONCE));
        this.port = port;
        this.jobs = extent.jobs();
        this.endNanos = System.nanoTime() + extent.time().toNanos();
    }

    private static Buffer form(int bytes) {
        return Buffer.buffer("--" + BOUNDARY + "\r\n")
                .appendString("Content-Disposition: form-data; name=\"file\"; filename=\"rehearsal.txt\"\r\n\r\n")
                .appendBytes(new byte[bytes])
                .appendString("\r\n--" + BOUNDARY + "--\r\n");
    }

    Future<Void> run() {
        List<Future<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < AT_ONCE; lane++) {
            lanes.add(next());
        }
        return Future.join(lanes).mapEmpty();
    }

    private Future<Void> next() {
        return begun >= jobs || System.nanoTime() > endNanos
                ? Future.succeededFuture()
                : job(begun++).compose(v -> next());
    }

    private Future<Void> job(int number) {
        Buffer form = number % LARGE_EVERY == LARGE_EVERY - 1 ? large : small;
        return call(
                        HttpMethod.POST,
                        "/v1/cache_id",
                        "application/json",
                        Buffer.buffer("{\"rehearsal\":" + number + "}"))
                .map(reply -> "/v1/cache/" + new JsonObject(reply).getString("cache_id"))
                .compose(path -> call(HttpMethod.POST, path, "multipart/form-data; boundary=" + BOUNDARY, form)
                        .compose(v -> call(HttpMethod.GET, path, "", Buffer.buffer()))
                        .compose(v -> call(HttpMethod.DELETE, path, "", Buffer.buffer())))
                .mapEmpty();
    }

    private Future<Buffer> call(HttpMethod method, String path, String type, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .putHeader(HttpHeaders.AUTHORIZATION, Rehearsal.TOKEN)
                .putHeader(HttpHeaders.CONTENT_TYPE, type);
        return client.request(options)
                .compose(request -> request.send(body))
                .expecting(reply -> reply.statusCode() == 200)
                .compose(HttpClientResponse::body);
    }
}
