package us.kbase.caching.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All meters of one gateway. Any thread. */
public final class Meters {

    /** Nothing of a client, no address and no path: see {@link ClosedLabels}, which adds the method. */
    private static final EnumSet<Label> LABELS =
            EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME, Label.EB_SIDE);

    /** From a look at an entry in memory to the upload of a large file. */
    private static final Duration[] TIMES = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2500),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10)
    };

    private static final Path MEMORY_PAGES = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> watching = new ArrayList<>();

    /** Held here, since Micrometer refers weakly to what a counter counts. */
    private final List<Gauge> shown = new ArrayList<>();

    private final Map<Timed, Timer> timers = new ConcurrentHashMap<>();
    private boolean jvmShown;

    private record Timed(String name, String operation, String outcome) {}

    /** With no meter yet. */
    public Meters() {
        registry.config().meterFilter(new ClosedLabels());
    }

    /** Makes a Vert.x that counts into these meters. */
    public VertxBuilder builder() {
        return Vertx.builder().withMetrics(new MicrometerMetricsFactory(registry));
    }

    /** What that Vert.x counts. */
    public static MetricsOptions options() {
        return new MicrometerMetricsOptions()
                .setEnabled(true)
                .setRegistryName(UUID.randomUUID().toString()) // each gateway of a process has its own
                .setLabels(EnumSet.copyOf(LABELS))
                .setServerRequestTagsProvider(ClosedLabels::of)
                .setClientRequestTagsProvider(ClosedLabels::of);
    }

    /** Shows these from now on. */
    public void show(List<Gauge> gauges) {
        shown.addAll(gauges);
        gauges.forEach(this::show);
    }

    private void show(Gauge gauge) {
        Tags kind = gauge.kind().isEmpty() ? Tags.empty() : Tags.of("kind", gauge.kind());
        switch (gauge.growth()) {
            case EITHER_WAY ->
                io.micrometer.core.instrument.Gauge.builder(
                                gauge.name(), () -> gauge.value().getAsDouble())
                        .baseUnit(gauge.unit().isEmpty() ? null : gauge.unit())
                        .description(Help.of(gauge.name()))
                        .tags(kind)
                        .register(registry);
            case ONLY_UP ->
                FunctionCounter.builder(
                                gauge.name(), gauge, counted -> counted.value().getAsDouble())
                        .baseUnit(gauge.unit().isEmpty() ? null : gauge.unit())
                        .description(Help.of(gauge.name()))
                        .tags(kind)
                        .register(registry);
        }
    }

    /** Shows from now on how late each event loop is. */
    public void showLag(Vertx vertx) {
        List<LoopLag> lags = LoopLag.watch(vertx);
        for (int loop = 0; loop < lags.size(); loop++) {
            LoopLag lag = lags.get(loop);
            show(new Gauge(
                    "caching.loop.lag", "seconds", Integer.toString(loop), Gauge.Growth.EITHER_WAY, lag::seconds));
        }
    }

    /**
     * Counts a request by its time, in the histogram {@code caching_requests_seconds}.
     *
     * @param operation of a closed set
     * @param outcome of a closed set
     */
    public void requestEnded(String operation, String outcome, long nanos) {
        ended(new Timed("caching.requests", operation, outcome), nanos);
    }

    /**
     * Counts a call of another server by its time, in the histogram {@code caching_calls_seconds}.
     *
     * @param operation of a closed set
     * @param outcome of a closed set
     */
    public void callEnded(String operation, String outcome, long nanos) {
        ended(new Timed("caching.calls", operation, outcome), nanos);
    }

    private void ended(Timed what, long nanos) {
        timers.computeIfAbsent(what, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Timed what) {
        return Timer.builder(what.name())
                .description(Help.of(what.name()))
                .tags("operation", what.operation(), "outcome", what.outcome())
                .serviceLevelObjectives(TIMES)
                .register(registry);
    }

    /** Shows from now on which version this is. */
    public void showVersion(String version) {
        io.micrometer.core.instrument.Gauge.builder("caching.build.info", () -> 1)
                .description(Help.of("caching.build.info"))
                .tags("version", version)
                .register(registry);
    }

    /** Everything in Prometheus' text format 0.0.4. Takes milliseconds, more at the first time; not for an event loop. */
    public String scrape() {
        showJvm();
        return registry.scrape();
    }

    /** Not before somebody asks: the classes of Java's management need not be loaded at a start. */
    private synchronized void showJvm() {
        if (jvmShown) {
            return;
        }
        jvmShown = true;
        new JvmMemoryMetrics().bindTo(registry);
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        watching.add(collections);
        if (Files.isReadable(MEMORY_PAGES)) {
            show(Gauge.bytes("process.resident.memory", "", Meters::residentBytes));
        }
    }

    private static double residentBytes() {
        try {
            return Long.parseLong(Files.readString(MEMORY_PAGES).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException unknown) {
            return Double.NaN;
        }
    }

    /** For tests: what is counted. */
    MeterRegistry registry() {
        return registry;
    }

    /** Counts nothing any more. */
    public synchronized void close() {
        for (AutoCloseable each : watching) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        registry.close();
    }
}
