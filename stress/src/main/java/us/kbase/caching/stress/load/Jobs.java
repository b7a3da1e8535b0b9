package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Runs whole jobs: reserve, upload, download, delete, one after the other. On one event loop. */
public final class Jobs {

    private final String label;
    private final long bytesEach;
    private final IntFunction<Transfer> transfers;
    private final Tally tally;

    /**
     * Jobs of one kind.
     *
     * @param label stands before the name of each call in the report
     * @param transfers the transfer of each number
     */
    public Jobs(String label, long bytesEach, IntFunction<Transfer> transfers, Tally tally) {
        this.label = label;
        this.bytesEach = bytesEach;
        this.transfers = transfers;
        this.tally = tally;
    }

    /** Starts so many at once; ends when all have ended, well or not. */
    public Future<Void> allAtOnce(int count) {
        tally.plan(count, bytesEach);
        long now = System.nanoTime();
        List<Future<Void>> running = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            running.add(run(transfers.apply(number), now));
        }
        return Future.join(running).mapEmpty();
    }

    /**
     * Starts jobs by the clock, whether earlier ones have ended or not, until told to stop. Each is timed from the moment
     * when it was to begin: a server that stands still for a second is seen by all the jobs of that second.
     */
    public Future<Void> steadily(Vertx vertx, double jobsPerSecond, BooleanSupplier stop) {
        Promise<Void> done = Promise.promise();
        long begin = System.nanoTime();
        double nanosEach = 1e9 / jobsPerSecond;
        List<Future<Void>> running = new ArrayList<>();
        vertx.setPeriodic(1, timer -> {
            while (begin + (long) (running.size() * nanosEach) <= System.nanoTime() && !stop.getAsBoolean()) {
                long intended = begin + (long) (running.size() * nanosEach);
                tally.plan(1, bytesEach);
                running.add(run(transfers.apply(running.size()), intended));
            }
            if (stop.getAsBoolean()) {
                vertx.cancelTimer(timer);
                Future.join(running).onComplete(ended -> done.complete());
            }
        });
        return done.future();
    }

    /** Never fails: what goes wrong is in the tally. */
    private Future<Void> run(Transfer transfer, long intendedNanos) {
        return step("cache_id", intendedNanos, transfer::reserve)
                .compose(v -> step("upload", System.nanoTime(), transfer::upload)
                        .compose(sent -> step("download", System.nanoTime(), transfer::download))
                        .recover(cause -> transfer.delete().transform(removed -> Future.failedFuture(cause))))
                .compose(v -> step("delete", System.nanoTime(), transfer::delete))
                .onComplete(done -> tally.jobEnded(done.succeeded()))
                .recover(counted -> Future.succeededFuture());
    }

    private Future<Void> step(String call, long intendedNanos, Supplier<Future<Void>> make) {
        return tally.time(label + " " + call, intendedNanos, make);
    }
}
