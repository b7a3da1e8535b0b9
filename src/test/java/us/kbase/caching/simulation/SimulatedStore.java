package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.store.s3.write.WriteLife;

/** The bucket as one gateway's port sees it across its network, with a flaw or without. Kinds of stores differ in how they write. */
abstract class SimulatedStore implements ObjectStore, Upkeep {

    private static final String PROBE = "caching-service-probe-";
    private static final int SMALL_BYTES_MAX = 15;
    private static final long ABORT_AGAIN = 5 * Network.SECOND;

    final SimulatedBucket bucket;
    final Network network;
    final Flaw flaw;

    SimulatedStore(SimulatedBucket bucket, Network network, Flaw flaw) {
        this.bucket = bucket;
        this.network = network;
        this.flaw = flaw;
    }

    /**
     * What is to be published.
     *
     * @param upload the open upload whose parts it is; none where it is sent whole
     */
    record Content(String key, Buffer bytes, Map<String, String> metadata, OptionalLong upload) {}

    /** A call that changes nothing, or the same again. */
    abstract <T> Future<T> call(Supplier<T> effect);

    /** Publishes under the conditions of a guard; gives the ETag. */
    abstract Future<String> publish(Content content, Guard guard);

    /** Removes what lies under a key. */
    abstract Future<Void> remove(String key);

    final Optional<Stored> stored(String key) {
        return bucket.get(key).map(SimulatedBucket.Kept::stored);
    }

    final String etag(String key) {
        return stored(key).map(Stored::etag).orElse("\"gone\"");
    }

    @Override
    public final Future<Optional<Stored>> head(String key) {
        return key.startsWith(PROBE) ? Future.succeededFuture(stored(key)) : call(() -> stored(key));
    }

    @Override
    public final Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return call(() -> bucket.get(key)).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Stored stored = found.get().stored();
            if (etag.isPresent() && !etag.get().equals(stored.etag())) {
                return Future.failedFuture(new Conflict());
            }
            if (!range.satisfiable(stored.lengthBytes())) {
                return Future.failedFuture(new Failure.RangeNotSatisfiable(stored.lengthBytes()));
            }
            long start = range.start(stored.lengthBytes());
            long end = range.end(stored.lengthBytes());
            Buffer bytes = found.get().bytes().slice((int) start, (int) end);
            return Future.succeededFuture(
                    Optional.of(new Download(stored, start, end - start, new SlowBytes(network, bytes))));
        });
    }

    @Override
    public final Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        if (key.startsWith(PROBE)) {
            return whole(body)
                    .compose(bytes -> guard.publish(condition -> Future.succeededFuture(
                            bucket.write(key, bytes, metadata, condition).map(write -> etag(key)))));
        }
        Map<String, String> kept = new HashMap<>(metadata);
        if (flaw == Flaw.OWN_SUCCESS_AS_CONFLICT) {
            kept.remove("lease-mark");
        }
        return body.lengthMaxBytes() > SMALL_BYTES_MAX
                ? inParts(key, body, kept, guard)
                : whole(body).compose(bytes -> publish(new Content(key, bytes, kept, OptionalLong.empty()), guard));
    }

    /** Its parts are there before anybody sees them, and go when it fails. */
    private Future<String> inParts(String key, Body body, Map<String, String> metadata, Guard guard) {
        return call(bucket::beginUpload).compose(upload -> {
            bucket.belongsTo(upload, network.gateway());
            return whole(body)
                    .compose(bytes -> call(() -> bytes)) // on their way
                    .compose(bytes -> publish(new Content(key, bytes, metadata, OptionalLong.of(upload)), guard))
                    .onFailure(failed -> abort(upload));
        });
    }

    /** Tried until it is heard, behind the reply. */
    private void abort(long upload) {
        if (flaw == Flaw.NO_ABORT) {
            return;
        }
        call(() -> {
                    bucket.endUpload(upload);
                    return true;
                })
                .onFailure(lost -> network.schedule().after(ABORT_AGAIN, network.gateway(), () -> abort(upload)));
    }

    private Future<Buffer> whole(Body body) {
        return body.bytes()
                .collect(length -> {})
                .recover(broken -> flaw == Flaw.HALF_FILE && body.bytes() instanceof UploadedBytes half
                        ? Future.succeededFuture(half.given())
                        : Future.failedFuture(broken));
    }

    @Override
    public final Future<Void> delete(String key) {
        if (key.startsWith(PROBE)) {
            bucket.delete(key);
            return Future.succeededFuture();
        }
        return remove(key);
    }

    @Override
    public final Future<Page> list(String after, int limit) {
        return call(() -> bucket.list(after, limit));
    }

    @Override
    public final Upkeep upkeep() {
        return this;
    }

    @Override
    public final Duration strikeWindow() {
        return WriteLife.GOOD_FOR;
    }

    @Override
    public final boolean etagNamesVersion() {
        return bucket.etags() == SimulatedBucket.Etags.VERSIONS;
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        return call(() ->
                stored(key).map(stored -> new Observation(stored, bucket.clock().date())));
    }

    @Override
    public final Future<OptionalLong> lastUsed(String key) {
        return call(() -> bucket.lastUsed(key))
                .recover(unknown -> flaw == Flaw.UNKNOWN_AS_UNUSED
                        ? Future.succeededFuture(OptionalLong.empty())
                        : Future.failedFuture(unknown));
    }

    @Override
    public final Future<Void> used(String key, long epochDay) {
        return call(() -> {
                    bucket.used(key, epochDay);
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public final Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        return Future.succeededFuture(OpenUpload.Page.NONE);
    }

    @Override
    public final Future<Void> abort(OpenUpload upload) {
        return Future.succeededFuture();
    }

    @Override
    public final Future<Void> prepare() {
        return Future.succeededFuture();
    }

    @Override
    public final Future<Void> close() {
        return Future.succeededFuture();
    }
}
