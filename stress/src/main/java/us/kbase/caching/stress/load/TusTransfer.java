package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file by the tus protocol: one POST that makes the upload and carries the file (<a
 * href="https://tus.io/protocols/resumable-upload">tus 1.0.0</a>, extensions creation-with-upload and termination).
 */
public final class TusTransfer implements Transfer {

    private static final Map<String, String> VERSION = Map.of("Tus-Resumable", "1.0.0");

    private final Http http;
    private final Tally tally;
    private final Content.File file;
    private String path = "";

    /** This file to the server of the client. */
    public TusTransfer(Http http, Tally tally, Content.File file) {
        this.http = http;
        this.tally = tally;
        this.file = file;
    }

    @Override
    public Future<Void> reserve() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> upload() {
        Map<String, String> headers = new HashMap<>(VERSION);
        headers.put("Upload-Length", Long.toString(file.lengthBytes()));
        headers.put("Content-Type", "application/offset+octet-stream");
        return send(HttpMethod.POST, "/files/", headers, Payload.raw(file), Optional.empty())
                .map(reply -> {
                    path = URI.create(reply.headers().get("Location")).getPath();
                    return null;
                });
    }

    @Override
    public Future<Void> download() {
        return send(HttpMethod.GET, path, Map.of(), Payload.NONE, Optional.of(file))
                .mapEmpty();
    }

    @Override
    public Future<Void> delete() {
        return send(HttpMethod.DELETE, path, VERSION, Payload.NONE, Optional.empty())
                .mapEmpty();
    }

    private Future<Http.Reply> send(
            HttpMethod method, String to, Map<String, String> headers, Payload payload, Optional<Content.File> wanted) {
        return http.send(new Http.Call(method, to, headers, payload, wanted), tally::sent, tally::verified)
                .compose(reply -> reply.status() / 100 == 2
                        ? Future.succeededFuture(reply)
                        : Future.failedFuture(new CallFailed("tusd status " + reply.status())));
    }
}
