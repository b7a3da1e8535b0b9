package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;

/** Objects in memory whose ETags name versions; each view of them is a gateway's, and its calls may be held one by one. */
public final class MemoryBucket {

    /** Holds a call until it may happen. */
    public interface Turn {
        Turn AT_ONCE = Supplier::get;

        <T> Future<T> take(Supplier<Future<T>> call);
    }

    private record Kept(Stored stored, Buffer bytes) {}

    private final InstantSource clock;
    private final Map<String, Kept> objects = new TreeMap<>();
    private final Map<String, Long> lastUsedDays = new HashMap<>();
    private int versions;

    public MemoryBucket(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void clear() {
        objects.clear();
    }

    public synchronized Optional<Stored> stored(String key) {
        return Optional.ofNullable(objects.get(key)).map(Kept::stored);
    }

    public synchronized Buffer bytes(String key) {
        return objects.get(key).bytes();
    }

    private synchronized String write(String key, Buffer bytes, Map<String, String> metadata, Precondition condition) {
        String there = stored(key).map(Stored::etag).orElse("");
        String asked = condition instanceof Precondition.Matches matches ? matches.etag() : "";
        if (!there.equals(asked)) {
            return "";
        }
        String etag = "\"" + ++versions + "\"";
        objects.put(key, new Kept(new Stored(key, etag, bytes.length(), metadata), bytes));
        lastUsedDays.remove(key);
        return etag;
    }

    private synchronized boolean remove(String key, String etag) {
        return stored(key).filter(s -> s.etag().equals(etag)).isPresent() && objects.remove(key) != null;
    }

    private synchronized void remove(String key) {
        objects.remove(key);
    }

    private synchronized Page list(String after, int limit) {
        List<Listed> all = objects.keySet().stream()
                .filter(key -> key.compareTo(after) > 0)
                .map(key -> new Listed(key, java.time.Instant.EPOCH))
                .toList();
        return new Page(all.subList(0, Math.min(limit, all.size())), all.size() > limit);
    }

    /** The bucket as one gateway sees it. */
    public ObjectStore view(Turn turn) {
        return new View(turn);
    }

    private final class View implements ObjectStore, Upkeep {
        private final Turn turn;

        View(Turn turn) {
            this.turn = turn;
        }

        @Override
        public Future<Optional<Stored>> head(String key) {
            return turn.take(() -> Future.succeededFuture(stored(key)));
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return turn.take(() -> {
                Optional<Stored> found = stored(key);
                return etag.isPresent()
                                && found.filter(stored -> !stored.etag().equals(etag.get()))
                                        .isPresent()
                        ? Future.failedFuture(new Conflict())
                        : Future.succeededFuture(found.map(
                                stored -> new Download(stored, 0, stored.lengthBytes(), ByteSource.of(bytes(key)))));
            });
        }

        @Override
        public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
            Buffer bytes = Buffer.buffer();
            return Pump.run(body.bytes(), chunk -> {
                        bytes.appendBuffer(chunk);
                        return Future.succeededFuture();
                    })
                    .compose(v -> guard.publish(condition -> turn.take(
                                    () -> Future.succeededFuture(write(key, bytes, new HashMap<>(metadata), condition)))
                            .map(etag -> etag.isEmpty() ? Optional.<String>empty() : Optional.of(etag))));
        }

        @Override
        public Future<Void> delete(String key) {
            return turn.take(() -> {
                remove(key);
                return Future.succeededFuture();
            });
        }

        @Override
        public Future<Page> list(String after, int limit) {
            return Future.succeededFuture(MemoryBucket.this.list(after, limit));
        }

        @Override
        public Upkeep upkeep() {
            return this;
        }

        @Override
        public Future<Void> prepare() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }

        @Override
        public Duration strikeWindow() {
            return Duration.ofSeconds(10);
        }

        @Override
        public boolean etagNamesVersion() {
            return true;
        }

        @Override
        public Future<Optional<Observation>> look(String key) {
            return turn.take(() ->
                    Future.succeededFuture(stored(key).map(stored -> new Observation(stored, clock.instant()))));
        }

        @Override
        public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
            String key = seen.stored().key();
            return new GuardedRemoval() {
                private String mark = "";

                @Override
                public Future<Boolean> mark() {
                    return turn.take(() -> {
                        mark = write(
                                key,
                                Buffer.buffer(),
                                marker,
                                new Precondition.Matches(seen.stored().etag()));
                        return Future.succeededFuture(!mark.isEmpty());
                    });
                }

                @Override
                public Future<Boolean> remove() {
                    return turn.take(() -> Future.succeededFuture(MemoryBucket.this.remove(key, mark)));
                }
            };
        }

        @Override
        public Future<OptionalLong> lastUsed(String key) {
            Long day = lastUsedDays.get(key);
            return Future.succeededFuture(day == null ? OptionalLong.empty() : OptionalLong.of(day));
        }

        @Override
        public Future<Void> used(String key, long epochDay) {
            lastUsedDays.put(key, epochDay);
            return Future.succeededFuture();
        }

        @Override
        public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
            return Future.succeededFuture(OpenUpload.Page.NONE);
        }

        @Override
        public Future<Void> abort(OpenUpload upload) {
            return Future.succeededFuture();
        }
    }
}
