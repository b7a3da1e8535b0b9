package us.kbase.caching;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.VertxBuilder;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.trace.Traces;

/**
 * A gateway's traces, where some are wanted. Where none are, nothing of what makes them is loaded: so no method handle of theirs stands
 * where it would be looked at all the same.
 */
sealed interface OpenedTraces {

    /** Nothing is traced. */
    OpenedTraces NONE = new None();

    static OpenedTraces of(Optional<Traces.Settings> settings) {
        return settings.isPresent() ? Some.of(settings.get()) : NONE;
    }

    /** A Vert.x whose requests are traced. */
    VertxBuilder with(VertxBuilder builder);

    List<Gauge> gauges();

    /** Sends what waits, for a moment. Never fails. */
    @CanIgnoreReturnValue
    Future<Void> close();

    /** See {@link #NONE}. */
    record None() implements OpenedTraces {
        @Override
        public VertxBuilder with(VertxBuilder builder) {
            return builder;
        }

        @Override
        public List<Gauge> gauges() {
            return List.of();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** To a collector. */
    record Some(Traces traces) implements OpenedTraces {
        private static OpenedTraces of(Traces.Settings settings) {
            return new Some(new Traces(settings, Version.own()));
        }

        @Override
        public VertxBuilder with(VertxBuilder builder) {
            return traces.with(builder);
        }

        @Override
        public List<Gauge> gauges() {
            return List.of(
                    Gauge.count("caching.traces.spans", "ended", traces::ended),
                    Gauge.count("caching.traces.spans", "sent", traces::sent),
                    Gauge.count("caching.traces.spans", "failed", traces::failed));
        }

        @Override
        public Future<Void> close() {
            return Future.fromCompletionStage(traces.close());
        }
    }
}
