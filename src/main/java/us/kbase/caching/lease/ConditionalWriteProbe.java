package us.kbase.caching.lease;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.LostMetadata;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;

/**
 * Whether the store keeps its word on conditional writes: of 16 at once, one may win. Without that no lease is worth anything. Both
 * ways to publish are asked, since servers exist that keep conditions on PutObject and ignore them where a multipart upload is completed.
 */
final class ConditionalWriteProbe {

    private static final Logger log = LoggerFactory.getLogger(ConditionalWriteProbe.class);
    private static final int WRITERS = 16;
    private static final long LIFETIME_SECONDS = 3600;

    private static final Map<String, String> OWNED =
            Map.of("filename", "placeholder", "token_id", "caching-service:probe");

    /** Longer than what is put by one call where its length is not known. */
    private static final int PARTS_BYTES = 65 * 1024;

    /** A way to publish. */
    enum Leg {
        PUT("PutObject") {
            @Override
            Body body(Buffer nonce) {
                return new Body(ByteSource.of(nonce), nonce.length());
            }
        },
        MULTIPART("CompleteMultipartUpload") {
            @Override
            Body body(Buffer nonce) {
                Buffer content = Buffer.buffer(PARTS_BYTES + nonce.length())
                        .appendBytes(new byte[PARTS_BYTES])
                        .appendBuffer(nonce);
                return new Body(ByteSource.of(content), Body.UNKNOWN);
            }
        };

        private final String operation;

        Leg(String operation) {
            this.operation = operation;
        }

        /** As S3 names the call. */
        String operation() {
            return operation;
        }

        /** A content of its own for each nonce. */
        abstract Body body(Buffer nonce);
    }

    private final ObjectStore store;
    private final InstantSource clock;

    ConditionalWriteProbe(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The first way to publish on which conditions are not kept, or nothing; fails when the store does not answer. */
    Future<Optional<Leg>> run() {
        return isKept(Leg.PUT)
                .compose(kept -> kept
                        ? isKept(Leg.MULTIPART).map(too -> too ? Optional.<Leg>empty() : Optional.of(Leg.MULTIPART))
                        : Future.succeededFuture(Optional.of(Leg.PUT)));
    }

    private Future<Boolean> isKept(Leg leg) {
        String key = "caching-service-probe-" + UUID.randomUUID();
        return winners(leg, key, new Precondition.Absent())
                .compose(created -> created != 1
                        ? Future.succeededFuture(false)
                        : store.head(key)
                                .map(found -> kept(found.orElseThrow()))
                                .compose(etag -> winners(leg, key, new Precondition.Matches(etag)))
                                .map(replaced -> replaced == 1))
                // Nobody waits for this: what stays expires.
                .onComplete(probed -> store.delete(key).onFailure(ConditionalWriteProbe::logLeft));
    }

    /** Who else looks at objects cannot tell a server that keeps no metadata from somebody else's objects. */
    private static String kept(Stored found) {
        LostMetadata.check(OWNED, found.metadata());
        return found.etag();
    }

    private static void logLeft(Throwable cause) {
        log.debug("The probe's object stays until a sweep: {}", cause.toString());
    }

    private Future<Long> winners(Leg leg, String key, Precondition condition) {
        AtOnce atOnce = new AtOnce(condition);
        var tries = IntStream.range(0, WRITERS)
                .mapToObj(i -> tried(leg, key, atOnce).onComplete(atOnce::ended))
                .toList();
        return Future.all(tries)
                .map(all ->
                        tries.stream().filter(won -> won.result().equals(true)).count());
    }

    private Future<Boolean> tried(Leg leg, String key, AtOnce atOnce) {
        Buffer nonce = Buffer.buffer(UUID.randomUUID().toString());
        // The original's sweep reads these three of every object and stumbles over one that lacks them.
        Map<String, String> metadata = new HashMap<>(OWNED);
        metadata.put("expiration", Long.toString(clock.instant().getEpochSecond() + LIFETIME_SECONDS));
        return store.put(key, leg.body(nonce), metadata, atOnce)
                .map(true)
                .recover(cause ->
                        cause instanceof Conflict ? Future.succeededFuture(false) : Future.failedFuture(cause));
    }

    /** Lets nobody publish before all have sent their parts: a server whose check and write are two steps is seen when they overlap. */
    private static final class AtOnce implements Guard {
        private final Precondition condition;
        private final Promise<Precondition> all = Promise.promise();
        private int awaited = WRITERS;

        AtOnce(Precondition condition) {
            this.condition = condition;
        }

        @Override
        public Precondition first() {
            return condition;
        }

        @Override
        public Future<Precondition> atPublish() {
            if (--awaited == 0) {
                all.tryComplete(condition);
            }
            return all.future();
        }

        @Override
        public Future<Precondition> afterConflict() {
            return Future.failedFuture(new Conflict());
        }

        /** Who failed before is not waited for. */
        void ended(AsyncResult<Boolean> end) {
            if (end.failed()) {
                all.tryComplete(condition);
            }
        }
    }
}
