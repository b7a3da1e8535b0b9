package us.kbase.caching.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import us.kbase.caching.trace.Traces;

/** A collector of traces of a test's own: takes OTLP over HTTP on a free port, and remembers each span. */
public final class TraceCollector implements AutoCloseable {

    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();

    /** A span as it came: its ids in hexadecimal digits, and its attributes as texts. */
    public record Seen(
            String trace, String id, String parent, Span.SpanKind kind, String name, Map<String, String> is) {
        private static Seen of(Span span) {
            return new Seen(
                    hex(span.getTraceId()),
                    hex(span.getSpanId()),
                    hex(span.getParentSpanId()),
                    span.getKind(),
                    span.getName(),
                    span.getAttributesList().stream()
                            .collect(Collectors.toMap(
                                    attribute -> attribute.getKey(),
                                    attribute -> attribute.getValue().hasIntValue()
                                            ? Long.toString(attribute.getValue().getIntValue())
                                            : attribute.getValue().getStringValue())));
        }

        private static String hex(ByteString bytes) {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
    }

    private TraceCollector(Vertx vertx) {
        this.server = vertx.createHttpServer().requestHandler(request -> {
            tokens.add(String.valueOf(request.getHeader("Authorization")));
            request.body().onSuccess(body -> {
                take(body);
                request.response().end();
            });
        });
    }

    /** Listens. */
    public static TraceCollector start(Vertx vertx) {
        TraceCollector collector = new TraceCollector(vertx);
        Await.result(collector.server.listen(0, "127.0.0.1"));
        return collector;
    }

    private void take(Buffer body) {
        bodies.add(body.toString(StandardCharsets.ISO_8859_1));
        try {
            ExportTraceServiceRequest.parseFrom(body.getBytes()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(Seen::of)
                    .forEach(spans::add);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Where it takes spans. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1/traces");
    }

    /** A gateway's settings to send every request's spans here. */
    public Traces.Settings settings() {
        return new Traces.Settings(url(), 100, Optional.empty());
    }

    /** The spans so far, in the order in which they came. */
    public List<Seen> spans() {
        return List.copyOf(spans);
    }

    /** All that came, as it came. */
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** What it was shown as Authorization. */
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    @Override
    public void close() {
        Await.result(server.close());
    }
}
