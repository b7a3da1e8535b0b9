package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.tls.ServerTls;
import us.kbase.caching.tls.TlsFiles;

/**
 * How this gateway's connections are secured.
 *
 * @param clients secures those of clients; nothing where they are plain
 */
record OpenedTls(Optional<ServerTls> clients) {

    /** Nothing is secured. */
    static final OpenedTls NONE = new OpenedTls(Optional.empty());

    private static final Logger log = LoggerFactory.getLogger(OpenedTls.class);
    private static final Duration WARNED_BEFORE = Duration.ofDays(14);
    private static final double MILLIS = 1e3;

    /** Reads the files, where some are configured. */
    static Future<OpenedTls> open(Vertx vertx, Optional<TlsFiles> files) {
        return files.map(named -> ServerTls.open(vertx, named, ServerTls.LOOK_PAUSE)
                        .onSuccess(opened ->
                                opened.warning(Instant.now(), WARNED_BEFORE).ifPresent(log::warn))
                        .map(opened -> new OpenedTls(Optional.of(opened))))
                .orElse(Future.succeededFuture(NONE));
    }

    /** Where the metrics are secured too. */
    Optional<ServerTls> operators(boolean secured) {
        return clients.filter(tls -> secured);
    }

    /** What is shown of it; nothing where nothing is secured. */
    List<Gauge> gauges() {
        return clients.map(tls -> List.of(
                        new Gauge(
                                "caching.tls.certificate.expires",
                                "seconds",
                                "",
                                Gauge.Growth.EITHER_WAY,
                                () -> tls.validUntil().toEpochMilli() / MILLIS),
                        Gauge.count("caching.tls.reloads", "done", tls::reloads),
                        Gauge.count("caching.tls.reloads", "failed", tls::failedReloads),
                        Gauge.count("caching.tls.handshakes.failed", "", tls::failedHandshakes)))
                .orElse(List.of());
    }
}
