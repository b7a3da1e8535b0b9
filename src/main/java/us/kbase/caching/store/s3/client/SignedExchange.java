package us.kbase.caching.store.s3.client;

import io.netty.channel.ChannelFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.store.s3.error.NotSent;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.lane.Lane;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.tally.CallTimes;
import us.kbase.caching.tally.TimedCall;
import us.kbase.caching.trace.S3Operation;

/**
 * One signed request and its answer, whoever makes it: {@link ObjectCalls} or, through {@link SdkExchange}, the SDK. It waits for its
 * turn in a {@link Lane}, is signed, sent under the body's demand, and read as somebody asks. Time counts against the server only, never
 * against whoever gives the body or takes the answer. Every path ends the exchange, which frees its connection or closes it
 * (docs/adr/0048). Event loop only.
 */
public final class SignedExchange implements Lane.Pace {

    /**
     * Where requests go.
     *
     * @param client the connections of the lane
     * @param times hears how long each request took
     */
    record Road(Vertx vertx, HttpClient client, Lane lane, CallTimes times) {}

    /** The body of a request. */
    public sealed interface Content {

        /** How many bytes it has. */
        long lengthBytes();

        /** In one buffer. */
        record Held(Buffer bytes) implements Content {
            @Override
            public long lengthBytes() {
                return bytes.length();
            }
        }

        /** As it comes; exactly that many bytes. */
        record Streamed(ByteSource bytes, long lengthBytes) implements Content {}
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final CallTimes times;
    private final CallTimeouts timeouts;
    private final Content content;
    private final Promise<HttpClientResponse> answered = CallersContext.promise();
    private final TimeLimit limit;
    private Runnable leave = () -> {};
    private Future<Void> turn = Future.succeededFuture();
    private @Nullable TimedCall timed;
    private @Nullable HttpClientRequest request;
    private @Nullable BodySender body;
    private @Nullable ResponseSource answer;
    private @Nullable Throwable bodyFailure;
    private Runnable whenCut = () -> {};
    private boolean sent;
    private boolean readsText;
    private boolean over;

    private SignedExchange(Road road, Content content, CallTimeouts timeouts) {
        this.vertx = road.vertx();
        this.client = road.client();
        this.times = road.times();
        this.timeouts = timeouts;
        this.content = content;
        this.limit = new TimeLimit(vertx, this::giveUp);
    }

    /** Begins a request, which is signed when its turn has come: a signature ages. */
    public static SignedExchange begin(
            Road road, Supplier<RequestOptions> signed, Content content, CallTimeouts timeouts) {
        SignedExchange exchange = new SignedExchange(road, content, timeouts);
        Lane.Place place = road.lane().enter(timeouts.connectionMillis(), exchange);
        exchange.leave = place::end;
        exchange.start(place.turn(), signed);
        return exchange;
    }

    /** The same of a request whose maker has its turn already, and keeps it until the answer was read: the SDK's. */
    static SignedExchange beginInTurn(
            Road road, Supplier<RequestOptions> signed, Content content, CallTimeouts timeouts) {
        SignedExchange exchange = new SignedExchange(road, content, timeouts);
        exchange.start(Future.succeededFuture(), signed);
        return exchange;
    }

    private void start(Future<Void> when, Supplier<RequestOptions> signed) {
        turn = when;
        when.compose(v -> open(signed)).onSuccess(this::send).onFailure(this::giveUp);
    }

    /** Done when its turn has come; failed when that does not come in time. */
    Future<Void> turn() {
        return turn;
    }

    private Future<HttpClientRequest> open(Supplier<RequestOptions> signed) {
        if (over) {
            return Future.failedFuture(new IllegalStateException("given up before its turn"));
        }
        RequestOptions options = signed.get();
        timed = TimedCall.begin(S3Operation.name(options.getMethod(), options.getURI()), times);
        return client.request(options).recover(cause -> Future.failedFuture(new NotSent(cause)));
    }

    @Override
    public boolean waitsForAnswer() {
        return sent && (!answered.future().isComplete() || readsText); // a Complete says 200 long before it is done
    }

    @Override
    public boolean waitsForClient() {
        ResponseSource reading = answer;
        BodySender sending = body;
        return reading == null ? sending != null && sending.waitsForSource() : !reading.isAsked();
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        if (over) {
            cut();
            return;
        }
        opened.exceptionHandler(this::giveUp);
        opened.response().onSuccess(this::receive).onFailure(this::giveUp);
        switch (content) {
            case Content.Held held -> end(opened.end(held.bytes()));
            case Content.Streamed streamed -> {
                BodySender sender = sender(opened, streamed.bytes());
                body = sender;
                sender.step();
            }
        }
    }

    private void end(Future<Void> written) {
        sent = true;
        limit.start(timeouts.answerMillis(), "the server did not answer");
        written.onFailure(this::giveUp);
    }

    private BodySender sender(HttpClientRequest out, ByteSource bytes) {
        return new BodySender(vertx, out, bytes, timeouts.takingMillis(), new BodySender.Owner() {
            @Override
            public void ended() {
                end(out.end());
            }

            @Override
            public void bodyBroken(Throwable cause) {
                bodyFailure = cause;
                SignedExchange.this.giveUp(cause);
            }

            @Override
            public void giveUp(Throwable cause) {
                SignedExchange.this.giveUp(cause);
            }
        });
    }

    private void receive(HttpClientResponse response) {
        limit.stop();
        Objects.requireNonNull(timed).answered(response.statusCode());
        response.pause().exceptionHandler(this::giveUp); // until somebody takes the body
        if (!answered.tryComplete(response)) {
            cut();
        }
    }

    /** Why the body's source failed, when it did: that is no fault of the server's. */
    Optional<Throwable> bodyFailure() {
        return Optional.ofNullable(bodyFailure);
    }

    /** The answer's head, whatever it says. Its body is paused until one of the methods below takes it or lets it go. */
    public Future<HttpClientResponse> answer() {
        return answered.future();
    }

    /** A file's bytes, at the pace of who asks for them. To be called once, behind {@link #answer}. */
    public ByteSource file(HttpClientResponse response, long lengthBytes) {
        return source(
                response, lengthBytes, cause -> new Failure.Upstream("The object store broke off a download", cause));
    }

    /** The same of an answer that is no file; it breaks with what broke the connection. */
    ByteSource bytes(HttpClientResponse response) {
        return source(response, 0, UnaryOperator.identity());
    }

    private ByteSource source(HttpClientResponse response, long lengthBytes, UnaryOperator<Throwable> named) {
        ResponseSource source = new ResponseSource(response, lengthBytes, named, this::answerOver);
        answer = source;
        return source;
    }

    /** The beginning of the answer's text, as much as that; a longer one is cut, and so is one that does not end in time. */
    public Future<Buffer> text(HttpClientResponse response, int bytesMax, long endMillis) {
        Buffer text = Buffer.buffer();
        Promise<Buffer> read = CallersContext.promise();
        readsText = true;
        response.handler(chunk -> {
            int room = bytesMax - text.length();
            text.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (chunk.length() > room) {
                giveUp(new IllegalStateException("an answer of more than " + bytesMax + " bytes"));
            }
        });
        whenCut = () -> read.tryComplete(text);
        response.exceptionHandler(cause -> answerOver(true));
        response.endHandler(v -> {
            answerOver(false);
            read.tryComplete(text);
        });
        limit.start(endMillis, "the server did not end its answer");
        response.resume(); // what came with the head comes now, often with the end
        return read.future();
    }

    /** Gives it up, wherever it is: nothing of it goes on, and its connection is closed. May be called again. */
    void giveUp(Throwable cause) {
        answered.tryFail(cause);
        cut();
    }

    private void answerOver(boolean broken) {
        if (broken || !sent) {
            cut(); // an answer before the whole request leaves a connection on which nothing can follow
        } else {
            free();
        }
    }

    private void free() {
        over = true;
        BodySender sending = body;
        if (sending != null) {
            sending.stop();
        }
        limit.stop();
        leave.run();
    }

    private void cut() {
        free();
        TimedCall begun = timed;
        if (begun != null && bodyFailure != null) {
            begun.left();
        } else if (begun != null) {
            begun.unanswered();
        }
        whenCut.run();
        HttpClientRequest opened = request;
        if (opened == null) {
            return;
        }
        request = null;
        if (sent
                && answered.future()
                        .succeeded()) { // the connection may be another exchange's already, which reset() knows
            opened.reset().onFailure(S3Errors::logCleanup);
        } else { // below Vert.x, which would first write what waits, for as long as the server takes nothing
            ChannelFuture unused = ((ConnectionBase) opened.connection())
                    .channelHandlerContext()
                    .close();
        }
    }
}
