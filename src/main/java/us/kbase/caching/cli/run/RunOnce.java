package us.kbase.caching.cli.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.cli.client.ErrorReply;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.HeldLease;
import us.kbase.caching.cli.client.LeaseReply;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Unreachable;
import us.kbase.caching.cli.progress.Progress;

/** Gets a result: from the service, from somebody who computes it now, or by the command. */
final class RunOnce {

    private static final int WAIT_OVER = 75;
    private static final int NOT_FOUND = 127;
    private static final int STARTS_MAX = 3;
    private static final long PAUSE_MILLIS = 1000;
    private static final Duration PER_CALL = Duration.ofSeconds(25);

    /** What to do when the service does not answer. */
    enum IfDown {
        /** Runs the command, as if there were no cache. */
        COMPUTE,
        /** Ends with an error, and runs nothing. */
        FAIL
    }

    /**
     * What is wanted.
     *
     * @param parameters a JSON object
     * @param waitMax how long somebody else's result is waited for
     * @param ttl the lifetime of a lease; empty to wait for nobody
     */
    record Job(byte[] parameters, List<String> command, Duration waitMax, Optional<Duration> ttl, IfDown ifDown) {}

    private final GatewayClient client;
    private final Job job;
    private final JobOutput out;

    RunOnce(GatewayClient client, Job job, JobOutput out) {
        this.client = client;
        this.job = job;
        this.out = out;
    }

    /** Returns the exit code. */
    int run() throws IOException, InterruptedException {
        String id;
        try {
            id = firstId();
        } catch (Unreachable e) {
            return down(e);
        } catch (ErrorReply e) {
            if (e.mayPass()) {
                return down(e);
            }
            throw e;
        }
        return job.ttl().isPresent() ? leased(id, job.ttl().get()) : unleased(id);
    }

    /** A gateway that is too busy at this moment is not down. */
    private String firstId() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.cacheId(job.parameters());
            } catch (ErrorReply e) {
                if (!e.mayPass() || attempt == STARTS_MAX) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE_MILLIS * attempt);
        }
    }

    private int down(IOException why) throws IOException, InterruptedException {
        if (job.ifDown() == IfDown.FAIL) {
            throw why;
        }
        say(why.getMessage() + " The command runs without the cache (--if-down fail would end here).");
        return compute(Optional.empty(), Optional.empty());
    }

    private int unleased(String id) throws IOException, InterruptedException {
        return hit(id, Patience.USUAL) ? 0 : compute(Optional.of(id), Optional.empty());
    }

    private int leased(String made, Duration ttl) throws IOException, InterruptedException {
        String id = made;
        long deadline = System.nanoTime() + job.waitMax().toNanos();
        Duration patience = Duration.ZERO; // the first answer is at once, so that people see whom they wait for
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            long asked = System.nanoTime();
            LeaseReply answer = LeaseReply.ask(client, id, ttl, patience.compareTo(left) < 0 ? patience : left);
            boolean hasty = !patience.isZero() && System.nanoTime() - asked < PAUSE_MILLIS * 1_000_000;
            patience = PER_CALL;
            switch (answer) {
                case LeaseReply.Ready ready -> {
                    if (hitBefore(deadline, id)) {
                        return 0;
                    }
                }
                case LeaseReply.Gone gone -> id = madeAgain(id, deadline);
                case LeaseReply.Leased lease -> {
                    try (HeldLease held = new HeldLease(client, id, lease.secret(), ttl)) {
                        return compute(Optional.of(id), Optional.of(held));
                    }
                }
                case LeaseReply.Pending pending -> {
                    if (left.isZero()) {
                        say("the wait is over, and " + pending.holder() + " still computes; nothing was run.");
                        return WAIT_OVER;
                    }
                    say("waiting for " + pending.holder() + " (" + left.toSeconds() + " s left)");
                    if (hasty) {
                        Thread.sleep(PAUSE_MILLIS); // a gateway where too many wait answers at once
                    }
                }
                case LeaseReply.Unknown unknown -> {
                    if (left.isZero()) {
                        return down(unknown.why());
                    }
                    say(String.valueOf(unknown.why().getMessage())); // one that restarts is no reason to give up a wait
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
    }

    /** What is asked of the service, and may go well later. */
    private interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    /** Gives the old id when nobody answers now: that it is gone is found out once more. */
    private String madeAgain(String id, long deadline) throws IOException, InterruptedException {
        return orLater(() -> client.cacheId(job.parameters()), id, deadline);
    }

    /** A download that broke off is tried again while there is time to wait; a fault of this machine is not. */
    private boolean hitBefore(long deadline, String id) throws IOException, InterruptedException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        return orLater(() -> hit(id, Patience.USUAL.downloadingWithin(left)), false, deadline);
    }

    /** The answer; the other one, after a pause, where there is none now and there is time to ask again. */
    private static <T> T orLater(Question<T> question, T later, long deadline)
            throws IOException, InterruptedException {
        try {
            return question.ask();
        } catch (Unreachable e) {
            againOr(e, deadline);
        } catch (ErrorReply e) {
            if (!e.mayPass()) {
                throw e;
            }
            againOr(e, deadline);
        }
        return later;
    }

    private static void againOr(IOException failure, long deadline) throws IOException, InterruptedException {
        if (System.nanoTime() - deadline >= 0) {
            throw failure;
        }
        say(String.valueOf(failure.getMessage()));
        Thread.sleep(PAUSE_MILLIS);
    }

    private boolean hit(String id, Patience patience) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long bytes;
        try (Progress progress = Progress.onTerminal()) {
            bytes = out.download(client, patience, id, progress);
        } catch (ErrorReply e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
        out.deliver();
        say("hit: " + Amount.ofBytes(bytes) + " downloaded in " + Amount.since(begun) + "; the command was not run.");
        return true;
    }

    /** Without an id the service did not answer: it is asked once more when the result is there. */
    private int compute(Optional<String> id, Optional<HeldLease> lease) throws IOException, InterruptedException {
        if (!ChildProcess.exists(job.command().get(0))) {
            ResultPublisher.release(lease);
            say("there is no command " + job.command().get(0) + " that can be run.");
            return NOT_FOUND;
        }
        Optional<Object> before = out.version();
        long begun = System.nanoTime();
        int code;
        try {
            code = new ChildProcess(job.command(), out.redirected()).run();
        } catch (IOException notStarted) {
            ResultPublisher.release(lease);
            throw notStarted;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (code != 0 || !out.isNewerThan(before)) {
            ResultPublisher.release(lease);
            out.deliver();
            if (code == 0) {
                say("the command ended well but did not write " + out + ".");
            }
            return code == 0 ? 1 : code;
        }
        ResultPublisher publication = new ResultPublisher(client, out, took);
        boolean published =
                id.isPresent() ? publication.repeated(id.get(), lease) : publication.afterAll(job.parameters());
        out.deliver(); // a reader that has left must not keep it from others
        if (published) {
            say("miss: the command took " + Amount.of(took) + "; its result of " + Amount.ofBytes(publication.bytes())
                    + " is published.");
        }
        return code;
    }

    static void say(String what) {
        System.err.println("caching-service: " + what);
    }
}
