package us.kbase.caching.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A question about one token, and all who wait for its answer. Any thread. */
final class OpenQuestion extends CompletableFuture<Authenticator.Verdict> implements Asker {

    /** With more of them, one is taken to stay. */
    private static final int ASKERS_MAX = 16;

    private final String peer;
    private final boolean knownBefore;
    private final List<Asker> askers = new ArrayList<>(1);
    private boolean givenUp;

    OpenQuestion(Asker first, boolean knownBefore) {
        this.peer = first.peer();
        this.askers.add(first);
        this.knownBefore = knownBefore;
    }

    /** Waits too; not possible any more when all had left before. */
    synchronized boolean join(Asker asker) {
        if (!givenUp && askers.size() < ASKERS_MAX) {
            askers.add(asker);
        }
        return !givenUp;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public boolean knownBefore() {
        return knownBefore;
    }

    /** Once it is true, nobody can join. */
    @Override
    public synchronized boolean left() {
        givenUp = askers.size() < ASKERS_MAX && askers.stream().allMatch(Asker::left);
        return givenUp;
    }
}
