package us.kbase.caching.expiry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.testing.UnaskedStore;

/** A bucket of any number of entries that are made up as they are looked at: nothing is kept but what was removed. */
final class GeneratedStore extends UnaskedStore implements Upkeep {

    private final Vertx vertx;
    private final int size;
    private final IntPredicate expired;
    private final Instant now = Instant.now();

    /** Pages asked for, by the key that they follow. */
    final List<String> listed = new ArrayList<>();

    final List<String> removed = new ArrayList<>();
    int looks;
    int looksUnderWayMax;
    int pagesThatFail;
    private int looksUnderWay;

    GeneratedStore(Vertx vertx, int size, IntPredicate expired) {
        this.vertx = vertx;
        this.size = size;
        this.expired = expired;
    }

    static String key(int number) {
        return "entry-%09d".formatted(number);
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring("entry-".length()));
    }

    @Override
    public Future<Page> list(String after, int limit) {
        listed.add(after);
        if (pagesThatFail > 0) {
            pagesThatFail--;
            return Future.failedFuture(new us.kbase.caching.failure.Failure.Upstream("down", new Exception()));
        }
        int from = after.isEmpty() ? 0 : number(after) + 1;
        List<Listed> page = new ArrayList<>();
        for (int i = from; i < Math.min(size, from + limit); i++) {
            page.add(new Listed(key(i), Instant.EPOCH));
        }
        return Future.succeededFuture(new Page(page, from + limit < size));
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        looks++;
        looksUnderWayMax = Math.max(looksUnderWayMax, ++looksUnderWay);
        Map<String, String> metadata = Map.of(
                "expiration",
                Long.toString(now.getEpochSecond() + (expired.test(number(key)) ? -86_400 : 86_400)),
                "filename",
                "f",
                "token_id",
                "url:me");
        Observation sighting = new Observation(new Stored(key, "\"" + key + "\"", 9, metadata), now);
        return vertx.timer(1).map(v -> {
            looksUnderWay--;
            return Optional.of(sighting);
        });
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        return new GuardedRemoval() {
            @Override
            public Future<Boolean> mark() {
                return Future.succeededFuture(true);
            }

            @Override
            public Future<Boolean> remove() {
                removed.add(seen.stored().key());
                return Future.succeededFuture(true);
            }
        };
    }

    @Override
    public Upkeep upkeep() {
        return this;
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
    public Future<OptionalLong> lastUsed(String key) {
        return Future.succeededFuture(OptionalLong.empty());
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
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

    @Override
    public Future<Void> delete(String key) {
        throw new AssertionError("a sweep never deletes but by a strike");
    }
}
