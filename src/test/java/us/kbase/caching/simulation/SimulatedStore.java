package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** The bucket as one gateway's port sees it across its network, with a flaw or without. */
final class SimulatedStore implements ObjectStore, Upkeep {

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final String PROBE = "caching-service-probe-";
    private static final int SMALL_BYTES_MAX = 15;
    private static final long ABORT_AGAIN = 5 * Network.SECOND;

    /** How often a write whose reply was lost is tried once more. */
    private static final double AGAIN = 0.3;

    private final SimulatedBucket bucket;
    private final Network network;
    private final Flaw flaw;

    SimulatedStore(SimulatedBucket bucket, Network network, Flaw flaw) {
        this.bucket = bucket;
        this.network = network;
        this.flaw = flaw;
    }

    private Optional<Stored> stored(String key) {
        return bucket.get(key).map(SimulatedBucket.Kept::stored);
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return key.startsWith(PROBE) ? Future.succeededFuture(stored(key)) : network.call(() -> stored(key));
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return network.call(() -> bucket.get(key)).compose(found -> {
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
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        Map<String, String> kept = new HashMap<>(metadata);
        if (flaw == Flaw.OWN_SUCCESS_AS_CONFLICT) {
            kept.remove("lease-mark");
        }
        return body.lengthMaxBytes() > SMALL_BYTES_MAX && !key.startsWith(PROBE)
                ? inParts(key, body, kept, guard)
                : atOnce(key, body, kept, guard);
    }

    private Future<String> atOnce(String key, Body body, Map<String, String> metadata, Guard guard) {
        return whole(body)
                .compose(bytes -> guard.atPublish()
                        .compose(first ->
                                new Publication(key, bytes, metadata, guard, OptionalLong.empty()).under(first)));
    }

    /** Its parts are there before anybody sees them, and go when it fails. */
    private Future<String> inParts(String key, Body body, Map<String, String> metadata, Guard guard) {
        return network.call(bucket::beginUpload).compose(upload -> {
            bucket.belongsTo(upload, network.gateway());
            return whole(body)
                    .compose(bytes -> network.call(() -> bytes)) // on their way
                    .compose(bytes -> guard.atPublish()
                            .compose(first ->
                                    new Publication(key, bytes, metadata, guard, OptionalLong.of(upload)).under(first)))
                    .onFailure(failed -> abort(upload));
        });
    }

    /** Tried until it is heard, behind the reply. */
    private void abort(long upload) {
        if (flaw == Flaw.NO_ABORT) {
            return;
        }
        network.call(() -> {
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

    /** A whole body on its way to become an object. */
    private final class Publication {
        private final String key;
        private final Buffer bytes;
        private final Map<String, String> metadata;
        private final Guard guard;
        private final OptionalLong upload;

        /** Stands for the nonce by which a writer knows its own write. */
        private long own;

        Publication(String key, Buffer bytes, Map<String, String> metadata, Guard guard, OptionalLong upload) {
            this.upload = upload;
            this.key = key;
            this.bytes = bytes;
            this.metadata = metadata;
            this.guard = guard;
        }

        Future<String> under(Precondition condition) {
            if (key.startsWith(PROBE)) {
                return told(write(condition));
            }
            Supplier<Future<Boolean>> attempt = () -> network.call(() -> write(condition));
            return attempt.get()
                    .recover(lost -> network.schedule().chance(AGAIN) ? attempt.get() : Future.failedFuture(lost))
                    .compose(this::told, lost -> look(condition, lost));
        }

        /** A repetition finds its own parts gone, or itself, and does nothing. */
        private boolean write(Precondition condition) {
            if (own != 0 || upload.isPresent() && !bucket.isOpen(upload.getAsLong())) {
                return own != 0 && flaw != Flaw.OWN_SUCCESS_AS_CONFLICT;
            }
            Optional<Long> written = bucket.write(
                    key, bytes, metadata, condition, network.schedule().now());
            own = written.orElse(0L);
            if (written.isPresent()) {
                upload.ifPresent(bucket::endUpload);
            }
            return written.isPresent();
        }

        private Future<String> told(boolean written) {
            return written ? Future.succeededFuture(etag(key)) : again();
        }

        private Future<String> again() {
            return guard.afterConflict().compose(this::under);
        }

        /** No reply came: what is there tells whether it is our own write. */
        private Future<String> look(Precondition condition, Throwable lost) {
            Future<Optional<SimulatedBucket.Kept>> looked = network.call(() -> bucket.get(key));
            return looked.onFailure(unseen -> late(condition)).compose(found -> {
                boolean ours = found.filter(kept -> kept.write() == own).isPresent();
                if (ours && flaw == Flaw.OWN_SUCCESS_AS_CONFLICT) {
                    own = 0;
                    return again();
                }
                if (ours) {
                    return Future.succeededFuture(found.orElseThrow().stored().etag());
                }
                late(condition);
                return Future.failedFuture(lost);
            });
        }

        private void late(Precondition condition) {
            if (flaw == Flaw.LATE_WRITE) {
                long delay = network.schedule().between(0, 5 * Network.SECOND);
                network.schedule().after(delay, Schedule.WORLD, () -> write(condition));
            }
        }
    }

    private String etag(String key) {
        return stored(key).map(Stored::etag).orElse("\"gone\"");
    }

    @Override
    public Future<Void> delete(String key) {
        if (key.startsWith(PROBE)) {
            bucket.delete(key);
            return Future.succeededFuture();
        }
        return deleted(key).recover(lost -> flaw == Flaw.REPEATED_DELETE ? deleted(key) : Future.failedFuture(lost));
    }

    private Future<Void> deleted(String key) {
        return network.call(() -> {
                    bucket.delete(key);
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return network.call(() -> bucket.list(after, limit));
    }

    @Override
    public Upkeep upkeep() {
        return this;
    }

    @Override
    public Duration strikeWindow() {
        return WINDOW;
    }

    @Override
    public boolean etagNamesVersion() {
        return bucket.etags() == SimulatedBucket.Etags.VERSIONS;
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        return network.call(() -> stored(key)
                .map(stored -> new Observation(stored, network.schedule().now().truncatedTo(ChronoUnit.SECONDS))));
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        String key = seen.stored().key();
        Buffer nonce = Buffer.buffer(
                "{\"nonce\":\"marker " + seen.hashCode() + network.schedule().nowMicros() + "\"}");
        return new GuardedRemoval() {
            private String marked = "";

            @Override
            public Future<Boolean> mark() {
                return network.call(() -> {
                    if (flaw == Flaw.HEAD_THEN_DELETE) {
                        bucket.delete(key);
                        return true;
                    }
                    Precondition same = new Precondition.Matches(seen.stored().etag());
                    boolean done = inTime(seen)
                            && bucket.write(
                                            key,
                                            nonce,
                                            marker,
                                            same,
                                            network.schedule().now())
                                    .isPresent();
                    marked = done ? etag(key) : "";
                    return done;
                });
            }

            @Override
            public Future<Boolean> remove() {
                return network.call(() -> {
                    if (!inTime(seen) && flaw != Flaw.HEAD_THEN_DELETE) {
                        return false;
                    }
                    if (etagNamesVersion() && flaw != Flaw.HEAD_THEN_DELETE) {
                        return bucket.deleteIf(key, marked);
                    }
                    bucket.delete(key);
                    return true;
                });
            }
        };
    }

    private boolean inTime(Observation seen) {
        return !network.schedule().now().isAfter(seen.at().plus(WINDOW));
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return network.call(() -> bucket.lastUsed(key))
                .recover(unknown -> flaw == Flaw.UNKNOWN_AS_UNUSED
                        ? Future.succeededFuture(OptionalLong.empty())
                        : Future.failedFuture(unknown));
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return network.call(() -> {
                    bucket.used(key, epochDay);
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        return Future.succeededFuture(OpenUpload.Page.NONE);
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> prepare() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
