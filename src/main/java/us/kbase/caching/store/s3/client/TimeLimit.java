package us.kbase.caching.store.s3.client;

import io.vertx.core.Vertx;
import java.util.function.Consumer;
import us.kbase.caching.store.s3.error.ServerSilent;

/** What a server may take its time for at the moment: one thing after the other, each under its own limit. Event loop only. */
final class TimeLimit {

    private final Vertx vertx;
    private final Consumer<Throwable> over;
    private long timer = -1;

    /** Not running yet; {@code over} hears once of each limit that was exceeded. */
    TimeLimit(Vertx vertx, Consumer<Throwable> over) {
        this.vertx = vertx;
        this.over = over;
    }

    /** Begins, in place of what ran before. */
    void start(long millis, String complaint) {
        stop();
        timer = vertx.setTimer(millis, id -> {
            timer = -1;
            over.accept(new ServerSilent(complaint + " for " + millis + " ms"));
        });
    }

    /** Ends well. */
    void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
