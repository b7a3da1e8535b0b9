package us.kbase.caching.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import us.kbase.caching.failure.Failure;

/** Counts what each user does and refuses what is over the limits. One for all event loops. Any thread. */
public final class UserLimits {

    private static final int USERS_MAX = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** When a transfer may end nobody knows: as long as for other things that have no room. */
    private static final long TRANSFER_RETRY_SECONDS = 5;

    private final Settings settings;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<String, Integer> transfers = new ConcurrentHashMap<>();
    private final Cache<String, TokenBucket> buckets;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong refusedTransfers = new AtomicLong();
    private final AtomicLong refusedRequests = new AtomicLong();

    /**
     * What one user may do.
     *
     * @param transfers uploads and downloads that are open at once; 0 for any number
     * @param requestsPerSecond on average over a second; 0 for any number
     */
    public record Settings(int transfers, int requestsPerSecond) {
        /** No limit. */
        public static final Settings NONE = new Settings(0, 0);
    }

    /** Counts from nothing. */
    public UserLimits(Settings settings) {
        this(settings, System::nanoTime);
    }

    /** The same with a clock of a test. */
    UserLimits(Settings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(USERS_MAX)
                .expireAfterAccess(REMEMBERED)
                .executor(Runnable::run)
                .build();
    }

    /** Counts a request; fails with {@link Failure.TooMany} when the user has asked too often. */
    public Future<Void> request(String user) {
        if (settings.requestsPerSecond() == 0) {
            return Future.succeededFuture();
        }
        long now = nanoClock.getAsLong();
        long waitNanos = buckets.get(user, first -> new TokenBucket(settings.requestsPerSecond(), now))
                .take(now);
        if (waitNanos == 0) {
            return Future.succeededFuture();
        }
        refusedRequests.incrementAndGet();
        return Future.failedFuture(new Failure.TooMany(
                "You may make " + settings.requestsPerSecond() + " requests a second; try again later",
                Math.max(1, TimeUnit.NANOSECONDS.toSeconds(waitNanos + TimeUnit.SECONDS.toNanos(1) - 1))));
    }

    /**
     * Begins an upload or a download, which counts until its future is done, whatever comes of it; fails with
     * {@link Failure.TooMany} when the user has too many open.
     */
    public <T> Future<T> transfer(String user, Supplier<Future<T>> transfer) {
        if (settings.transfers() == 0) {
            return counted(transfer);
        }
        if (!begins(user)) {
            refusedTransfers.incrementAndGet();
            return Future.failedFuture(new Failure.TooMany(
                    "You have " + settings.transfers() + " transfers under way, and may have no more; try again later",
                    TRANSFER_RETRY_SECONDS));
        }
        return counted(transfer)
                .onComplete(
                        done -> transfers.computeIfPresent(user, (name, before) -> before == 1 ? null : before - 1));
    }

    /** Begins an upload or a download of somebody who has no limit; never refuses. */
    public <T> Future<T> counted(Supplier<Future<T>> transfer) {
        open.incrementAndGet();
        return Future.succeededFuture()
                .compose(begun -> transfer.get()) // also what it throws ends it
                .onComplete(done -> open.decrementAndGet());
    }

    private boolean begins(String user) {
        boolean[] begins = new boolean[1];
        transfers.compute(user, (name, counted) -> {
            int before = counted == null ? 0 : counted;
            begins[0] = before < settings.transfers();
            return begins[0] ? before + 1 : before;
        });
        return begins[0];
    }

    /** How many uploads and downloads are open, of all users. */
    public long openTransfers() {
        return open.get();
    }

    /** How many users' rates are remembered. */
    long users() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    /** How many transfers were refused since the start. */
    public long refusedTransfers() {
        return refusedTransfers.get();
    }

    /** How many requests were refused since the start. */
    public long refusedRequests() {
        return refusedRequests.get();
    }
}
