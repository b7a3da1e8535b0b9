package us.kbase.caching.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;
import us.kbase.caching.secret.Secret;

/**
 * The traces of one gateway, sent to a collector by OTLP over HTTP (docs/adr/0063). Spans wait in a queue of bounded length and leave
 * it on a thread of their own; what finds no place there is dropped. So a collector that is slow or dead costs memory for
 * {@link #QUEUE_SPANS} spans and nothing else. Any thread.
 */
public final class Traces {

    /** How many spans wait for the collector at most; each takes up to 1.5 KiB. */
    static final int QUEUE_SPANS = 1_024;

    /** What stands for the name of a request to S3, until somebody wants to know it. */
    public static final String TO_S3 = "S3";

    private static final int BATCH_SPANS = 256;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration EXPORT_MAX = Duration.ofSeconds(5);
    private static final Duration END_MAX = Duration.ofSeconds(2);
    private static final int ATTRIBUTES_MAX = 16;
    private static final int ATTRIBUTE_CHARS_MAX = 256;

    /** What the SDK says goes where all is logged. It refers to a logger weakly, so this one is held. */
    private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

    private final CountedExporter exporter;
    private final SdkTracerProvider provider;
    private final AtomicLong ended = new AtomicLong();

    /**
     * Where traces go.
     *
     * @param collector the URL that takes {@code POST} of OTLP in protobuf, with its path
     * @param percent of the requests whose client says nothing of a trace; one that says so is followed, or not, as its client wants
     * @param token what the collector is shown, as {@code Authorization: Bearer}
     */
    public record Settings(URI collector, int percent, Optional<Secret> token) {}

    /**
     * Begins to send; the collector need not be there.
     *
     * @param version of this program, as the collector sees it
     */
    public Traces(Settings settings, String version) {
        routeLog();
        OtlpHttpSpanExporterBuilder otlp = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.collector().toString())
                .setConnectTimeout(EXPORT_MAX)
                .setTimeout(EXPORT_MAX)
                .setRetryPolicy(null); // spans that wait for a dead collector keep none of those behind them
        settings.token().ifPresent(token -> otlp.addHeader("Authorization", "Bearer " + token.reveal()));
        this.exporter = new CountedExporter(otlp.build());
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "caching-service",
                        AttributeKey.stringKey("service.version"),
                        version)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.percent() / 100.0)))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxNumberOfAttributes(ATTRIBUTES_MAX)
                        .setMaxAttributeValueLength(ATTRIBUTE_CHARS_MAX)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE_SPANS)
                        .setMaxExportBatchSize(BATCH_SPANS)
                        .setScheduleDelay(PAUSE)
                        .setExporterTimeout(EXPORT_MAX)
                        .build())
                .build();
    }

    private static synchronized void routeLog() {
        if (SDK_LOG.getHandlers().length == 0) {
            SDK_LOG.addHandler(new OneLine());
            SDK_LOG.setUseParentHandlers(false);
        }
    }

    /** What happened stands in the message; a stack trace for each lost batch would hide all else. */
    private static final class OneLine extends SLF4JBridgeHandler {
        @Override
        public void publish(LogRecord line) {
            line.setThrown(null);
            super.publish(line);
        }
    }

    /** A Vert.x whose HTTP requests become spans. */
    public VertxBuilder with(VertxBuilder builder) {
        HttpTracer tracer = new HttpTracer(
                provider.get("us.kbase.caching"),
                span -> ended.addAndGet(
                        span.isRecording() || span.getSpanContext().isSampled() ? 1 : 0));
        return builder.withTracer(new VertxTracerFactory() {
            @Override
            public VertxTracer<?, ?> tracer(TracingOptions options) {
                return tracer;
            }
        });
    }

    /** How many spans have ended that the collector should see. */
    public long ended() {
        return ended.get();
    }

    /** How many spans the collector took. */
    public long sent() {
        return exporter.sent();
    }

    /** How many spans the collector did not take; those that found no place in the queue are in neither count. */
    public long failed() {
        return exporter.failed();
    }

    /** Sends what waits, for two seconds at most, and ends. Never fails. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        CompletableResultCode shut = provider.shutdown();
        CompletableResultCode unused = shut.whenComplete(() -> closed.complete(null));
        return closed.completeOnTimeout(null, END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
}
