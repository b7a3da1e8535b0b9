package us.kbase.caching.simulation;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.write.WriteLife;

/** A store whose ETags name versions, as the embedded one's do: what its port promises, across a network that loses answers. */
final class SimulatedVersions extends SimulatedStore {

    /** How often a write whose reply was lost is tried once more. */
    private static final double AGAIN = 0.3;

    SimulatedVersions(SimulatedBucket bucket, Network network, Flaw flaw) {
        super(bucket, network, flaw);
    }

    @Override
    <T> Future<T> call(Supplier<T> effect) {
        return network.call(effect);
    }

    @Override
    Future<String> publish(Content content, Guard guard) {
        Publication publication = new Publication(content);
        return guard.publish(publication::under);
    }

    /** A whole body on its way to become an object. */
    private final class Publication {
        private final Content content;

        /** Stands for the nonce by which a writer knows its own write. */
        private long own;

        Publication(Content content) {
            this.content = content;
        }

        Future<Optional<String>> under(Precondition condition) {
            Supplier<Future<Boolean>> attempt = () -> call(() -> write(condition));
            return attempt.get()
                    .recover(lost -> network.schedule().chance(AGAIN) ? attempt.get() : Future.failedFuture(lost))
                    .compose(this::told, this::look);
        }

        /** A repetition finds its own parts gone, or itself, and does nothing. */
        private boolean write(Precondition condition) {
            boolean ended = content.upload().isPresent()
                    && !bucket.isOpen(content.upload().getAsLong());
            if (own != 0 || ended) {
                return own != 0;
            }
            Optional<Long> written = bucket.write(content.key(), content.bytes(), content.metadata(), condition);
            own = written.orElse(0L);
            if (written.isPresent()) {
                content.upload().ifPresent(bucket::endUpload);
            }
            return written.isPresent();
        }

        private Future<Optional<String>> told(boolean written) {
            return Future.succeededFuture(written ? Optional.of(etag(content.key())) : Optional.empty());
        }

        /** No reply came: what is there tells whether it is our own write. */
        private Future<Optional<String>> look(Throwable lost) {
            return call(() -> bucket.get(content.key())).compose(found -> {
                boolean ours = found.filter(kept -> kept.write() == own).isPresent();
                return ours
                        ? Future.succeededFuture(
                                Optional.of(found.orElseThrow().stored().etag()))
                        : Future.failedFuture(lost);
            });
        }
    }

    @Override
    Future<Void> remove(String key) {
        return call(() -> {
                    bucket.delete(key);
                    return true;
                })
                .mapEmpty();
    }

    /** Nothing need be put in the object's place: the removal asks for its ETag. */
    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        String key = seen.stored().key();
        return new GuardedRemoval() {
            @Override
            public Future<Boolean> mark() {
                return Future.succeededFuture(true);
            }

            @Override
            public Future<Boolean> remove() {
                return call(() ->
                        isInTime(seen) && bucket.deleteIf(key, seen.stored().etag()));
            }
        };
    }

    private boolean isInTime(Observation seen) {
        return !bucket.clock().now().isAfter(seen.at().plus(WriteLife.GOOD_FOR));
    }
}
