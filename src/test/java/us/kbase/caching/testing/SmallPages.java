package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A made-up store of living entries and open uploads in as many pages as are asked for, with one new entry on each. */
public final class SmallPages extends UnaskedStore implements Upkeep {

    private final Vertx vertx;
    private final int pages;

    public final AtomicInteger listed = new AtomicInteger();
    public final AtomicInteger deleted = new AtomicInteger();
    public final AtomicInteger uploadPages = new AtomicInteger();

    public SmallPages(Vertx vertx, int pages) {
        this.vertx = vertx;
        this.pages = pages;
    }

    private <T> Future<T> later(T result) {
        return Future.future(promise -> vertx.runOnContext(v -> promise.complete(result)));
    }

    @Override
    public Future<Page> list(String after, int limit) {
        int page = listed.incrementAndGet();
        return later(new Page(List.of(new Listed("entry-%09d".formatted(page), Instant.EPOCH)), page < pages));
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return later(Optional.of(stored(key)));
    }

    private static Stored stored(String key) {
        return new Stored(key, "\"1\"", 9, Map.of("expiration", "99999999999", "filename", "f", "token_id", "url:me"));
    }

    @Override
    public Future<Void> delete(String key) {
        deleted.incrementAndGet();
        return Future.succeededFuture();
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
    public Future<Optional<Observation>> look(String key) {
        return later(Optional.of(new Observation(stored(key), Instant.now())));
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        throw new AssertionError("nothing has expired here");
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return Future.succeededFuture(OptionalLong.empty());
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return Future.succeededFuture();
    }

    /** Young ones only, which nobody aborts. */
    @Override
    public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        boolean last = uploadPages.incrementAndGet() >= pages;
        OpenUpload young = new OpenUpload("entry", "upload", Instant.MAX);
        return later(new OpenUpload.Page(List.of(young), !last));
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        throw new AssertionError("no upload is old here");
    }
}
