package us.kbase.caching.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;

/** The span of a client's request. */
final class ServerSpan implements TraceSpan {

    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

    private final Span span;
    private final Context context;
    private volatile boolean over;

    /** The span that was begun in a context of the client's, or in none. */
    ServerSpan(Span span, Context parent) {
        this.span = span;
        this.context = parent.with(span);
    }

    Span span() {
        return span;
    }

    /** That of calls which the request leads to. */
    Context context() {
        return context;
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public void operation(String operation) {
        span.updateName(operation).setAttribute(ROUTE, operation.substring(operation.indexOf(' ') + 1));
    }

    @Override
    public boolean isOver() {
        return over;
    }

    void end() {
        over = true;
        span.end();
    }
}
