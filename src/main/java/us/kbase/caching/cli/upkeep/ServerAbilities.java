package us.kbase.caching.cli.upkeep;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.lease.ConditionalWriteProbe;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;

/**
 * What an S3 server can do, found by trying it on objects with names of their own, which are removed; what cannot be removed expires
 * within the hour.
 *
 * @param conditionsIgnored the call on which it ignores conditions, if it does
 * @param keepsTags whether objects have tags
 * @param digests what it keeps of an object's content
 */
public record ServerAbilities(
        Optional<ConditionalWriteProbe.Leg> conditionsIgnored, boolean keepsTags, List<Digest> digests) {

    private static final long LIFETIME_SECONDS = 3600;
    private static final long SOME_DAY = 20_000;

    /**
     * Tries the configured bucket, which is there.
     *
     * @throws IOException when it refuses what every gateway needs, in one sentence
     */
    public static ServerAbilities of(GatewayConfig config) throws IOException, InterruptedException {
        return StoreSession.with(config, (vertx, store, time) -> of(store, time));
    }

    private static Future<ServerAbilities> of(ObjectStore store, InstantSource clock) {
        String key = "caching-service-probe-" + UUID.randomUUID();
        return put(store, key, clock)
                .compose(etag -> store.head(key))
                .compose(found -> keepsTags(store, key)
                        .map(tags -> new ServerAbilities(
                                Optional.empty(),
                                tags,
                                found.map(Stored::digests).orElse(List.of()))))
                .eventually(() -> store.delete(key).otherwiseEmpty())
                .compose(abilities -> new ConditionalWriteProbe(store, clock)
                        .run()
                        .map(ignored -> new ServerAbilities(ignored, abilities.keepsTags(), abilities.digests())));
    }

    private static Future<String> put(ObjectStore store, String key, InstantSource clock) {
        Buffer content = Buffer.buffer(key);
        Map<String, String> metadata = Map.of(
                "expiration", Long.toString(clock.instant().getEpochSecond() + LIFETIME_SECONDS),
                "filename", "placeholder",
                "token_id", "caching-service:probe");
        Body body = new Body(ByteSource.of(content), content.length());
        return store.put(key, body, metadata, Guard.once(new Precondition.Absent()));
    }

    private static Future<Boolean> keepsTags(ObjectStore store, String key) {
        return store.upkeep()
                .used(key, SOME_DAY)
                .compose(v -> store.upkeep().lastUsed(key))
                .map(day -> day.isPresent() && day.getAsLong() == SOME_DAY)
                .recover(cause -> cause instanceof UnsupportedOperationException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(cause));
    }

    /** The same in sentences, of which each says what follows from it. */
    public String sentences() {
        String conditions = conditionsIgnored
                .map(leg -> "It ignores conditions on " + leg.operation() + ": leases will answer 501.")
                .orElse("It keeps conditions on PutObject and CompleteMultipartUpload.");
        String tags = keepsTags ? "It keeps tags." : "It keeps no tags: downloads will not renew results.";
        String checksums = digests.isEmpty()
                ? "It keeps no checksums: only hashes that clients name will be compared."
                : "It keeps " + digests.getFirst().algorithm().token() + " checksums.";
        return String.join(" ", conditions, tags, checksums);
    }
}
