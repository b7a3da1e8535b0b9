package us.kbase.caching;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import us.kbase.caching.http.HttpVerticle;

/** The verticles that serve clients, one per event loop, and beside them one for commands of this machine where clients need TLS. */
final class ServingLoops {

    private final Vertx vertx;
    private final CommandsDoor door;
    private final CopyOnWriteArrayList<HttpVerticle> verticles = new CopyOnWriteArrayList<>();

    ServingLoops(Vertx vertx, CommandsDoor door) {
        this.vertx = vertx;
        this.door = door;
    }

    /** Listens on so many loops; commands of this machine need no certificate, so theirs is the last verticle. */
    Future<?> listen(int loops, HttpVerticle.Settings settings, Function<HttpVerticle.Settings, HttpVerticle> made) {
        Function<HttpVerticle.Settings, HttpVerticle> kept = where -> {
            HttpVerticle verticle = made.apply(where);
            verticles.add(verticle);
            return verticle;
        };
        return vertx.deployVerticle(() -> kept.apply(settings), new DeploymentOptions().setInstances(loops))
                .compose(id -> settings.tls().isPresent() && door.isHere()
                        ? vertx.deployVerticle(kept.apply(settings.plainForThisMachine()))
                        : Future.succeededFuture(id));
    }

    /** Tells commands of this machine where they find this gateway. */
    Future<?> openDoor() {
        HttpVerticle theirs = verticles.getLast(); // one of the clients', where those need no certificate
        return door.open(vertx, theirs.host(), theirs.port());
    }

    /** The port that clients connect to. */
    int port() {
        return verticles.getFirst().port();
    }

    /** Accepts nothing any more, and lets what was accepted end until the grace is over. */
    Future<?> drain(Duration grace) {
        return Future.join(
                verticles.stream().map(verticle -> verticle.drain(grace)).toList());
    }
}
