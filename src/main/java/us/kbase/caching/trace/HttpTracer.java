package us.kbase.caching.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request of a client, and one for each that it leads to, of whatever Vert.x's HTTP server and clients send: calls of
 * the S3 SDK and around it, and questions to the auth server. What Vert.x would tell of a request is not taken over: it has URLs with
 * signatures and queries in it (docs/adr/0063). Nothing that a client or a server wrote becomes an attribute. Any event loop.
 */
final class HttpTracer implements VertxTracer<@Nullable ServerSpan, @Nullable Span> {

    /** Asked every few seconds by whoever watches the gateway. */
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz", "/cache/healthz", "/cache/readyz");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    /** As much of tracestate as has to be carried on (W3C Trace Context, 3.3.1.5); each span that waits for its collector keeps it. */
    private static final int TRACE_HEADER_CHARS_MAX = 512;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Iterable<Map.Entry<String, String>>> HEADERS = new Headers();

    private final Tracer tracer;
    private final Consumer<Span> ended;

    /** Begins spans by that tracer, and tells of each that has ended. */
    HttpTracer(Tracer tracer, Consumer<Span> ended) {
        this.tracer = tracer;
        this.ended = ended;
    }

    @Override
    public <R> @Nullable ServerSpan receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        if (policy == TracingPolicy.IGNORE
                || !(request instanceof HttpServerRequest asked)
                || PROBES.contains(asked.path())) {
            return null;
        }
        io.opentelemetry.context.Context parent =
                W3C.extract(io.opentelemetry.context.Context.root(), headers, HEADERS);
        String method = METHODS.contains(operation) ? operation : "_OTHER";
        Span span = begin(method, io.opentelemetry.api.trace.SpanKind.SERVER, parent)
                .setAttribute(METHOD, method)
                .startSpan();
        ServerSpan begun = new ServerSpan(span, parent);
        CurrentRequest.span(context, begun);
        return begun;
    }

    @Override
    public <R> void sendResponse(
            Context context,
            @Nullable R response,
            @Nullable ServerSpan request,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (request != null) {
            tell(request.span(), response, failure);
            request.end();
            ended.accept(request.span());
        }
    }

    @Override
    public <R> @Nullable Span sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tags) {
        if (!(request instanceof HttpRequest sent)
                || !(CurrentRequest.span(context) instanceof ServerSpan cause)
                || cause.isOver()) {
            return null;
        }
        String name = Traces.TO_S3.equals(operation) ? S3Operation.name(sent.method(), sent.uri()) : operation;
        Span span = begin(name, io.opentelemetry.api.trace.SpanKind.CLIENT, cause.context())
                .setAttribute(METHOD, sent.method().name())
                .setAttribute(SERVER, server(sent.absoluteURI()))
                .startSpan();
        W3C.inject(
                cause.context().with(span),
                headers,
                (carrier, header, value) -> Objects.requireNonNull(carrier).accept(header, value));
        return span;
    }

    @Override
    public <R> void receiveResponse(
            Context context,
            @Nullable R response,
            @Nullable Span request,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (request != null) {
            tell(request, response, failure);
            request.end();
            ended.accept(request);
        }
    }

    private SpanBuilder begin(
            String name, io.opentelemetry.api.trace.SpanKind kind, io.opentelemetry.context.Context parent) {
        return tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
    }

    /** Host and port of a URL, and nothing of what stands before and behind. */
    private static String server(String url) {
        int from = url.indexOf("://") + "://".length();
        int to = from;
        while (to < url.length() && "/?#".indexOf(url.charAt(to)) < 0) {
            to++;
        }
        return url.substring(url.lastIndexOf('@', to) < from ? from : url.lastIndexOf('@', to) + 1, to);
    }

    /** A status below 500 is an answer; the text of a failure may hold anything, so its type stands for it. */
    private static void tell(Span span, @Nullable Object response, @Nullable Throwable failure) {
        if (response instanceof HttpResponse answered) {
            span.setAttribute(STATUS, (long) answered.statusCode());
            if (answered.statusCode() >= 500) {
                span.setStatus(StatusCode.ERROR).setAttribute(ERROR, Integer.toString(answered.statusCode()));
            }
        }
        if (failure != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR, failure.getClass().getName());
        }
    }

    /** What a client says of its trace. */
    static final class Headers implements TextMapGetter<Iterable<Map.Entry<String, String>>> {
        @Override
        public Iterable<String> keys(Iterable<Map.Entry<String, String>> headers) {
            List<String> names = new ArrayList<>();
            headers.forEach(header -> names.add(header.getKey()));
            return names;
        }

        @Override
        public @Nullable String get(@Nullable Iterable<Map.Entry<String, String>> headers, String name) {
            for (Map.Entry<String, String> header : Objects.requireNonNull(headers)) {
                if (header.getKey().equalsIgnoreCase(name)) {
                    return header.getValue().length() <= TRACE_HEADER_CHARS_MAX ? header.getValue() : null;
                }
            }
            return null;
        }
    }
}
