package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;

/** Whether the store keeps its word on conditional writes: of 16 at once, one may win. Without that no lease is worth anything. */
final class ConditionalWriteProbe {

    private static final Logger log = LoggerFactory.getLogger(ConditionalWriteProbe.class);
    private static final int WRITERS = 16;
    private static final long LIFETIME_SECONDS = 3600;

    private final ObjectStore store;
    private final InstantSource clock;

    ConditionalWriteProbe(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Whether conditions are kept; fails when the store does not answer. */
    Future<Boolean> run() {
        String key = "caching-service-probe-" + UUID.randomUUID();
        return winners(key, new Precondition.Absent())
                .compose(created -> created != 1
                        ? Future.succeededFuture(false)
                        : store.head(key)
                                .compose(found -> winners(
                                        key,
                                        new Precondition.Matches(
                                                found.orElseThrow().etag())))
                                .map(replaced -> replaced == 1))
                // Nobody waits for this: what stays expires.
                .onComplete(probed -> store.delete(key).onFailure(ConditionalWriteProbe::logLeft));
    }

    private static void logLeft(Throwable cause) {
        log.debug("The probe's object stays until a sweep: {}", cause.toString());
    }

    private Future<Long> winners(String key, Precondition condition) {
        var tries =
                IntStream.range(0, WRITERS).mapToObj(i -> tried(key, condition)).toList();
        return Future.all(tries)
                .map(all ->
                        tries.stream().filter(won -> won.result().equals(true)).count());
    }

    private Future<Boolean> tried(String key, Precondition condition) {
        Buffer nonce = Buffer.buffer(UUID.randomUUID().toString());
        // The original's sweep reads these three of every object and stumbles over one that lacks them.
        Map<String, String> metadata = Map.of(
                "expiration", Long.toString(clock.instant().getEpochSecond() + LIFETIME_SECONDS),
                "filename", "placeholder",
                "token_id", "caching-service:probe");
        Body body = new Body(ByteSource.of(nonce), nonce.length());
        return store.put(key, body, metadata, Guard.once(condition))
                .map(true)
                .recover(cause ->
                        cause instanceof Conflict ? Future.succeededFuture(false) : Future.failedFuture(cause));
    }
}
