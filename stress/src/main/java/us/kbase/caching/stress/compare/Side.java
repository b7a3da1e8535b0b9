package us.kbase.caching.stress.compare;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Jobs;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.process.ServerProcess;

/**
 * One way for files to go: to S3 itself, through nginx, through the gateway. The same client, buffers and event loop for all.
 *
 * @param use what the server between client and store uses, if there is one
 */
record Side(String name, Loop loop, Http http, Maker maker, Supplier<Double> use, Numbers numbers, Content content) {

    static final Supplier<Double> NO_SERVER = () -> 0.0;

    /** Makes the transfer of a file. */
    interface Maker {
        Transfer transfer(Http http, Tally tally, int number, Content.File file);
    }

    /** Every file of a comparison has a number of its own, hence a key and bytes of its own. */
    static final class Numbers {
        private int last;

        synchronized int next() {
            return ++last;
        }
    }

    static Supplier<Double> cpuOf(ServerProcess server) {
        return server::cpuSeconds;
    }

    List<Transfer> transfers(int count, long bytes) {
        Tally unread = new Tally();
        List<Transfer> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = numbers.next();
            made.add(maker.transfer(http, unread, number, content.file(number, bytes)));
        }
        return made;
    }

    /** Takes one step of all transfers at once; fails when any of them fails. */
    Sample time(List<? extends Transfer> transfers, Function<Transfer, Future<Void>> step) {
        double cpu = use.get();
        long begin = System.nanoTime();
        start(transfers, step).toCompletionStage().toCompletableFuture().join();
        return new Sample((System.nanoTime() - begin) / 1e9, use.get() - cpu);
    }

    Future<Void> start(List<? extends Transfer> transfers, Function<Transfer, Future<Void>> step) {
        return loop.start(
                () -> Future.join(transfers.stream().map(step).toList()).mapEmpty());
    }

    /** Whole jobs, all at once. */
    Sample jobs(int count, long bytes) {
        Tally tally = new Tally();
        Jobs jobs = jobs(bytes, tally);
        double cpu = use.get();
        long begin = System.nanoTime();
        loop.run(() -> jobs.allAtOnce(count));
        Sample sample = new Sample((System.nanoTime() - begin) / 1e9, use.get() - cpu);
        if (!tally.allGood()) {
            throw new IllegalStateException(
                    name + ": " + tally.jobsGood() + " of " + count + " jobs good; " + tally.errors());
        }
        return sample;
    }

    Jobs jobs(long bytes, Tally tally) {
        return new Jobs(
                "job",
                bytes,
                ignored -> {
                    int number = numbers.next();
                    return maker.transfer(http, tally, number, content.file(number, bytes));
                },
                tally);
    }
}
