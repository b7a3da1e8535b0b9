package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/** One request of ours whose body is in memory, up to the head of its answer. Event loop only. */
final class DirectExchange {

    private final Patience patience;
    private final Buffer body;
    private final Promise<HttpClientResponse> answered = Promise.promise();
    private final TimeLimit limit;
    private @Nullable HttpClientRequest request;

    private DirectExchange(Vertx vertx, Patience patience, Buffer body) {
        this.patience = patience;
        this.body = body;
        this.limit = new TimeLimit(vertx, this::giveUp);
    }

    /** Begins a request that was signed. */
    static DirectExchange begin(Vertx vertx, HttpClient client, RequestOptions signed, Buffer body, Patience patience) {
        DirectExchange exchange = new DirectExchange(vertx, patience, body);
        client.request(signed.setConnectTimeout(patience.connectionMillis()))
                .onSuccess(exchange::send)
                .onFailure(cause -> exchange.giveUp(patience.named(cause)));
        return exchange;
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        if (answered.future().isComplete()) {
            reset();
            return;
        }
        limit.start(patience.answerMillis(), "the server did not answer");
        opened.send(body)
                .onSuccess(response -> {
                    limit.stop();
                    response.pause();
                    if (!answered.tryComplete(response)) {
                        reset();
                    }
                })
                .onFailure(this::giveUp);
    }

    /** The answer's head, whatever it says; its body is paused and must be read, let go with {@code resume}, or reset. */
    Future<HttpClientResponse> answer() {
        return answered.future();
    }

    /** Ends it without an answer, and closes its connection. */
    void giveUp(Throwable cause) {
        limit.stop();
        if (answered.tryFail(cause)) {
            reset();
        }
    }

    private void reset() {
        HttpClientRequest opened = request;
        if (opened != null) {
            opened.reset().onFailure(S3Failures::logCleanup);
        }
    }
}
