package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.move.Move;
import us.kbase.caching.move.MoveReport;

/**
 * Moves from or to an embedded store within the gateway that owns it, since no command can open the folder beside it. Between buckets
 * {@code caching-service move} does it, once for all gateways.
 */
final class MoveBeside {

    private static final Logger log = LoggerFactory.getLogger(MoveBeside.class);

    private MoveBeside() {}

    /** Begins where it is this gateway's to do; what became of it stands in the log, and {@code move} or another start goes on. */
    static void begin(Vertx vertx, GatewayConfig config, OpenedStore stores) {
        config.previous()
                .filter(previous -> isFolder(previous) || isFolder(config.store()))
                .ifPresent(previous ->
                        vertx.getOrCreateContext().runOnContext(v -> begin(vertx, config, previous, stores)));
    }

    private static boolean isFolder(GatewayConfig.Store store) {
        return store instanceof GatewayConfig.Store.Disk;
    }

    private static void begin(Vertx vertx, GatewayConfig config, GatewayConfig.Store previous, OpenedStore stores) {
        log.info("Moving from {} to {}", previous, config.store());
        Future.succeededFuture(stores)
                .compose(opened -> new Move(
                                vertx,
                                opened.previous().orElseThrow().get(),
                                opened.own().get(),
                                opened.time(),
                                config.store().digest())
                        .run())
                .onSuccess(MoveBeside::told)
                .onFailure(fault -> log.error("The move broke off", fault));
    }

    private static void told(MoveReport report) {
        if (report.isWhole()) {
            log.info("The new store has everything: previous.type may be taken away. {}", report.summary());
        } else {
            log.warn("The move is not whole; the next start goes on. {}", report.summary());
        }
    }
}
