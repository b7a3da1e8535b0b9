package us.kbase.caching.cli.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import us.kbase.caching.pace.Steps;

/**
 * The calls of a job client: id, upload, download, delete; one job in 250 has a file that is streamed in parts. That is sent piece by
 * piece: as one buffer it would be the largest thing in a gateway's memory.
 */
final class RehearsedJobs {

    private static final int AT_ONCE = 4;
    private static final int LARGE_EVERY = 250;
    private static final int SMALL_BYTES = 1_000;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int LARGE_PIECES = 84; // 5.25 MiB: more than a form that is held
    private static final String BOUNDARY = "rehearsal-boundary";
    private static final Buffer FORM_BEGIN = Buffer.buffer(
            "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rehearsal.txt\"\r\n\r\n");
    private static final Buffer FORM_END = Buffer.buffer("\r\n--" + BOUNDARY + "--\r\n");
    private static final List<Buffer> NOTHING = List.of(Buffer.buffer());

    private final HttpClient client;
    private final int port;
    private final int jobs;
    private final long endNanos;
    private final List<Buffer> small = List.of(Buffer.buffer()
            .appendBuffer(FORM_BEGIN)
            .appendBytes(new byte[SMALL_BYTES])
            .appendBuffer(FORM_END));
    private final List<Buffer> large = largeForm();
    private int begun;

    RehearsedJobs(Vertx vertx, int port, Rehearsal.Extent extent) {
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(AT_ONCE));
        this.port = port;
        this.jobs = extent.jobs();
        this.endNanos = System.nanoTime() + extent.time().toNanos();
    }

    private static List<Buffer> largeForm() {
        Buffer piece = Buffer.buffer(new byte[PIECE_BYTES]);
        List<Buffer> form = new ArrayList<>(Collections.nCopies(LARGE_PIECES, piece));
        form.addFirst(FORM_BEGIN);
        form.addLast(FORM_END);
        return form;
    }

    Future<Void> run() {
        List<Future<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < AT_ONCE; lane++) {
            lanes.add(Steps.whileMore(this::next));
        }
        return Future.join(lanes).mapEmpty();
    }

    private Future<Boolean> next() {
        return begun >= jobs || System.nanoTime() > endNanos
                ? Future.succeededFuture(false)
                : job(begun++).map(true);
    }

    private Future<Void> job(int number) {
        List<Buffer> form = number % LARGE_EVERY == LARGE_EVERY - 1 ? large : small;
        return call(
                        HttpMethod.POST,
                        "/v1/cache_id",
                        "application/json",
                        List.of(Buffer.buffer("{\"rehearsal\":" + number + "}")))
                .map(reply -> "/v1/cache/" + new JsonObject(reply).getString("cache_id"))
                .compose(path -> call(HttpMethod.POST, path, "multipart/form-data; boundary=" + BOUNDARY, form)
                        .compose(v -> call(HttpMethod.GET, path, "", NOTHING))
                        .compose(v -> call(HttpMethod.DELETE, path, "", NOTHING)))
                .mapEmpty();
    }

    private Future<Buffer> call(HttpMethod method, String path, String type, List<Buffer> body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .putHeader(HttpHeaders.AUTHORIZATION, Rehearsal.TOKEN)
                .putHeader(HttpHeaders.CONTENT_TYPE, type);
        // The body is asked for where the reply comes, on the event loop: elsewhere it may have gone by unheard.
        return client.request(options)
                .compose(request -> send(request, body)
                        .expecting(reply -> reply.statusCode() == 200)
                        .compose(reply -> reply.body()));
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, List<Buffer> body) {
        int last = body.size() - 1;
        request.putHeader(
                HttpHeaders.CONTENT_LENGTH,
                Integer.toString(body.stream().mapToInt(Buffer::length).sum()));
        Future<Void> written = Future.succeededFuture();
        for (Buffer piece : body.subList(0, last)) {
            written = written.compose(v -> request.write(piece));
        }
        return written.compose(v -> request.end(body.get(last))).compose(v -> request.response());
    }
}
