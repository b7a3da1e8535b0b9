package us.kbase.caching.cli.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * As much of S3 as a rehearsal needs, in memory, on the loopback interface: objects with their conditions and metadata, and
 * multipart uploads whose parts are let go. It answers quickly and keeps nothing; it checks no signature. One event loop.
 */
final class StandInS3 {

    private record Held(Buffer content, Map<String, String> headers, String etag) {}

    private static final String METADATA = "x-amz-meta-";
    private static final List<String> OF_CHECKSUM = List.of("x-amz-checksum-algorithm", "x-amz-checksum-type");
    private static final int LARGE_BYTES = 512 << 10;

    /** What any multipart upload becomes. */
    private final Buffer large = Buffer.buffer(new byte[LARGE_BYTES]);

    private final Map<String, Held> objects = new HashMap<>();
    private final Map<String, Map<String, String>> uploads = new HashMap<>();
    private boolean bucket;
    private long versions;
    private long begunUploads;

    private StandInS3() {}

    /** Listens on a free port. */
    static Future<HttpServer> listen(Vertx vertx) {
        return vertx.createHttpServer().requestHandler(new StandInS3()::handle).listen(0, "127.0.0.1");
    }

    private void handle(HttpServerRequest request) {
        if (!isOfUpload(request)) {
            request.body().onSuccess(body -> answer(request, body).onFailure(gone -> {}));
        } else { // what is large is let go as it comes
            request.end().onSuccess(v -> answer(request, Buffer.buffer()).onFailure(gone -> {}));
        }
    }

    private Future<Void> answer(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response().putHeader("x-amz-request-id", "rehearsal");
        String key = String.valueOf(request.path()).replaceFirst("^/[^/]*/?", "");
        if (key.isEmpty()) {
            bucket |= request.method().equals(HttpMethod.PUT);
            return response.setStatusCode(bucket ? 200 : 404).end();
        }
        if (isOfUpload(request) || request.getParam("tagging") != null) {
            return multipart(request, key);
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.PUT)) {
            return put(request, key, body, metadata(request));
        }
        if (method.equals(HttpMethod.DELETE)) {
            objects.remove(key);
            return response.setStatusCode(204).end();
        }
        Held held = objects.get(key);
        return held == null ? response.setStatusCode(404).end() : show(response, held, method);
    }

    /** Writes have a query too, which is their signature. */
    private static boolean isOfUpload(HttpServerRequest request) {
        return request.getParam("uploads") != null || request.getParam("uploadId") != null;
    }

    private static Future<Void> show(HttpServerResponse response, Held held, HttpMethod method) {
        held.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.ETAG, held.etag())
                .putHeader(
                        HttpHeaders.CONTENT_LENGTH,
                        Integer.toString(held.content().length()));
        return method.equals(HttpMethod.HEAD) ? response.end() : response.end(held.content());
    }

    private Future<Void> put(HttpServerRequest request, String key, Buffer content, Map<String, String> metadata) {
        Held before = objects.get(key);
        String wanted = request.getHeader(HttpHeaders.IF_MATCH);
        boolean refused = request.getHeader(HttpHeaders.IF_NONE_MATCH) != null
                ? before != null
                : wanted != null && (before == null || !wanted.equals(before.etag()));
        if (refused) {
            return request.response().setStatusCode(412).end();
        }
        String etag = "\"" + ++versions + "\"";
        objects.put(key, new Held(content, metadata, etag));
        return request.response().putHeader(HttpHeaders.ETAG, etag).end(completed(etag));
    }

    /** The body of a completed multipart upload; a PutObject's is empty, and nobody reads this one's there. */
    private static String completed(String etag) {
        return "<CompleteMultipartUploadResult><ETag>" + etag + "</ETag></CompleteMultipartUploadResult>";
    }

    private Future<Void> multipart(HttpServerRequest request, String key) {
        HttpServerResponse response = request.response();
        HttpMethod method = request.method();
        if (request.getParam("tagging") != null) {
            return response.end("<Tagging><TagSet></TagSet></Tagging>");
        }
        if (request.getParam("partNumber") != null) {
            return response.putHeader(HttpHeaders.ETAG, "\"part\"").end();
        }
        if (request.getParam("uploads") != null) {
            String id = "rehearsal-" + ++begunUploads;
            uploads.put(id, metadata(request));
            OF_CHECKSUM.stream()
                    .filter(request.headers()::contains)
                    .forEach(name -> response.putHeader(name, request.getHeader(name)));
            return response.end(
                    "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
        }
        Map<String, String> begun = uploads.remove(request.getParam("uploadId"));
        return method.equals(HttpMethod.DELETE) || begun == null
                ? response.setStatusCode(204).end()
                : put(request, key, large, begun);
    }

    private static Map<String, String> metadata(HttpServerRequest request) {
        Map<String, String> metadata = new HashMap<>();
        request.headers().forEach(header -> {
            if (header.getKey().toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                metadata.put(header.getKey(), header.getValue());
            }
        });
        return metadata;
    }
}
