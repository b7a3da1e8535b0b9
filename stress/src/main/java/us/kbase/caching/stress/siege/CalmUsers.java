package us.kbase.caching.stress.siege;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import us.kbase.caching.stress.load.CallFailed;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.V1Transfer;
import us.kbase.caching.stress.siege.store.AuthStandIn;

/**
 * A handful of users who do whole jobs by the clock: make an id, upload, download and compare every byte, delete. One job in
 * twenty comes with a token that the gateway has not seen. On one event loop.
 */
final class CalmUsers {

    private static final int USERS = 5;
    private static final int FRESH_EVERY = 20;
    private static final int BYTES_MIN = 2_000;
    private static final int BYTES_MAX = 100_000;
    private static final int AT_ONCE_MAX = 200;
    private static final int TICK_MILLIS = 5;
    private static final int NUMBERS = 900_000;
    private static final Set<String> WRONG = Set.of("wrong bytes", "too many bytes", "bytes missing");

    /** From here on a gateway may tell its clients to come again, since its own calls to the store have an end. */
    static final long VERY_LATE_MILLIS = 10_000;

    private final Vertx vertx;
    private final Http http;
    private final Weather weather;
    private final Content content;
    private final Random random;
    private final double jobsPerSecond;
    private final String run = UUID.randomUUID().toString();
    private final Tally bytes = new Tally();
    private int begun;
    private int running;

    CalmUsers(Vertx vertx, Http http, Weather weather, long seed, double jobsPerSecond) {
        this.vertx = vertx;
        this.http = http;
        this.weather = weather;
        this.content = new Content(seed);
        this.random = new Random(seed);
        this.jobsPerSecond = jobsPerSecond;
    }

    /** Begins jobs until told to stop; done when the last of them has ended. */
    Future<Void> work(CalmRecord record, BooleanSupplier stop) {
        Promise<Void> done = Promise.promise();
        long nanosEach = (long) (1e9 / jobsPerSecond);
        long[] due = {System.nanoTime()};
        vertx.setPeriodic(TICK_MILLIS, timer -> {
            boolean stopped = stop.getAsBoolean();
            while (!stopped && due[0] <= System.nanoTime()) {
                if (running < AT_ONCE_MAX) {
                    begin(record, due[0]);
                }
                due[0] += nanosEach;
            }
            if (stopped && running == 0) {
                vertx.cancelTimer(timer);
                done.complete();
            }
        });
        return done.future();
    }

    private void begin(CalmRecord record, long dueNanos) {
        running++;
        int number = begun++;
        String user = "calm" + number % USERS;
        String token =
                number % FRESH_EVERY == 0 ? AuthStandIn.freshToken(user, run + "-" + number) : AuthStandIn.token(user);
        Content.File file = content.file(number % NUMBERS, BYTES_MIN + random.nextInt(BYTES_MAX - BYTES_MIN));
        V1Transfer transfer = new V1Transfer(http, bytes, token, run, number, file);
        int moment = weather.now();
        call(record, dueNanos, transfer::reserve)
                .compose(v -> call(record, System.nanoTime(), transfer::upload)
                        .compose(sent -> call(record, System.nanoTime(), transfer::download))
                        .recover(cause -> transfer.delete().transform(removed -> Future.failedFuture(cause))))
                .compose(v -> call(record, System.nanoTime(), transfer::delete))
                .onComplete(ended -> {
                    running--;
                    if (ended.succeeded()) {
                        record.jobGood();
                    } else {
                        failed(record, CallFailed.kind(ended.cause()), moment);
                    }
                });
    }

    private Future<Void> call(CalmRecord record, long dueNanos, Supplier<Future<Void>> make) {
        int moment = weather.now();
        int stretch = record.stretch();
        return make.get()
                // A failed call took its time as well: what nobody answers for minutes is slow.
                .onComplete(ended ->
                        record.answered(stretch, weather.worstSince(moment), (System.nanoTime() - dueNanos) / 1_000));
    }

    private void failed(CalmRecord record, String kind, int moment) {
        if (WRONG.contains(kind)) {
            record.wrongBytes();
        }
        if (kind.startsWith("status 503")
                && (kind.contains("SlowDown") || weather.worstSince(moment) >= VERY_LATE_MILLIS)) {
            record.jobExcused(kind);
        } else {
            record.jobFailed(kind);
        }
    }
}
