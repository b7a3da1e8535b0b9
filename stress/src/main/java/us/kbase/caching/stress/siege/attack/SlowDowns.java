package us.kbase.caching.stress.siege.attack;

import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/** S3 answers one call in fifty, whoever's it is, with 503 SlowDown. */
final class SlowDowns implements Attack {

    private static final double SHARE = 0.02;

    private final DoubleConsumer share;
    private final LongSupplier done;

    SlowDowns(DoubleConsumer share, LongSupplier done) {
        this.share = share;
        this.done = done;
    }

    @Override
    public String name() {
        return "slowdown";
    }

    @Override
    public void start() {
        share.accept(SHARE);
    }

    @Override
    public void stop() {
        share.accept(0);
    }

    @Override
    public Counts counts() {
        return new Counts(done.getAsLong(), 0, Counts.none().endings(), 0, 0);
    }
}
