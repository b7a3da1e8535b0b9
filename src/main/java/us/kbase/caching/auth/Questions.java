package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.FairQueue;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.trace.CurrentRequest;

/**
 * Questions to the auth server, in turns: first those about tokens that were good before, then strangers', one of each address after
 * the other. So junk waits behind itself (docs/adr/0032). Few are asked at once, a bounded number waits and for a bounded time, each is
 * paid for, and one that nobody waits for is not asked. Any thread; an answer completes on the calling context.
 */
final class Questions implements Authenticator {

    /** What waits besides the token: the promise, the timer and places in queues and maps. */
    static final int QUESTION_BYTES = 1_500;

    private static final String BUSY = "The auth server is asked too much at the moment; try again later";
    private static final String SILENT = "The auth server cannot be reached or does not answer as expected";

    private final Vertx vertx;
    private final Authenticator origin;
    private final Budget budget;
    private final Limits limits;
    private final Circuit circuit;
    private final AtomicInteger drains = new AtomicInteger();
    private final FairQueue<Question> known = new FairQueue<>();
    private final FairQueue<Question> strangers = new FairQueue<>();
    private final Map<String, Integer> waitingOfPeer = new HashMap<>();
    private int asked;
    private int askedForStrangers;

    /**
     * How much is asked and how much waits.
     *
     * @param askedMax questions at the server at once; a quarter of them is for tokens that were good before
     * @param waitingMax questions that wait, of each of the two sorts
     * @param waitingOfPeerMax of these, for one address
     * @param waitMaxMillis after which a question is not asked any more
     */
    record Limits(int askedMax, int waitingMax, int waitingOfPeerMax, long waitMaxMillis) {
        static final Limits USUAL = new Limits(32, 2_048, 512, 4_000);

        int askedForStrangersMax() {
            return askedMax - askedMax / 4;
        }
    }

    private static final class Question {
        private final Supplier<Future<Verdict>> asked;
        private final Asker asker;
        private final Circuit.Leave leave;
        private final String peer;
        private final boolean knownBefore;
        private final Promise<Verdict> answer;
        private final Budget.Payment payment;
        private long timer;

        Question(
                Supplier<Future<Verdict>> asked,
                Asker asker,
                Circuit.Leave leave,
                Promise<Verdict> answer,
                Budget.Payment payment) {
            this.asked = asked;
            this.asker = asker;
            this.leave = leave;
            this.peer = asker.peer();
            this.knownBefore = asker.knownBefore();
            this.answer = answer;
            this.payment = payment;
        }
    }

    Questions(Vertx vertx, Authenticator origin, Budget budget, Limits limits) {
        this(
                vertx,
                origin,
                budget,
                limits,
                new Circuit(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble()));
    }

    Questions(Vertx vertx, Authenticator origin, Budget budget, Limits limits, Circuit circuit) {
        this.vertx = vertx;
        this.origin = origin;
        this.budget = budget;
        this.limits = limits;
        this.circuit = circuit;
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        return authenticate(token, Asker.UNKNOWN);
    }

    @Override
    public Future<Verdict> authenticate(String token, Asker asker) {
        Circuit.Leave leave = circuit.ask();
        if (leave == Circuit.Leave.NONE) {
            return Future.failedFuture(new Failure.Upstream(SILENT, null));
        }
        Optional<Budget.Payment> payment = budget.tryTake(QUESTION_BYTES + 2L * token.length());
        if (payment.isEmpty()) {
            circuit.notAsked(leave);
            return Future.failedFuture(new Failure.Busy(BUSY));
        }
        Promise<Verdict> answer = CallersContext.promise();
        Supplier<Future<Verdict>> asks = CurrentRequest.keep(vertx, () -> origin.authenticate(token));
        Question question = new Question(asks, asker, leave, answer, payment.get());
        if (!enqueue(question)) {
            circuit.notAsked(leave);
            question.payment.giveBack();
            return Future.failedFuture(new Failure.Busy(BUSY));
        }
        question.timer = vertx.setTimer(limits.waitMaxMillis(), id -> giveUp(question));
        drain();
        return answer.future().onComplete(done -> vertx.cancelTimer(question.timer));
    }

    private FairQueue<Question> queueOf(Question question) {
        return question.knownBefore ? known : strangers;
    }

    private synchronized boolean enqueue(Question question) {
        int ofPeer = waitingOfPeer.getOrDefault(question.peer, 0);
        FairQueue<Question> queue = queueOf(question);
        if (queue.size() >= limits.waitingMax() || ofPeer >= limits.waitingOfPeerMax()) {
            return false;
        }
        queue.add(question.peer, question);
        waitingOfPeer.put(question.peer, ofPeer + 1);
        return true;
    }

    private void giveUp(Question question) {
        boolean waited;
        synchronized (this) {
            waited = queueOf(question).remove(question.peer, question);
            if (waited) {
                left(question);
            }
        }
        if (waited) {
            unasked(question, new Failure.Busy(BUSY));
        }
    }

    /** It is in no queue any more. */
    private void left(Question question) {
        waitingOfPeer.computeIfPresent(question.peer, (peer, waiting) -> waiting == 1 ? null : waiting - 1);
    }

    private void unasked(Question question, Failure why) {
        circuit.notAsked(question.leave);
        question.payment.giveBack();
        question.answer.fail(why);
    }

    /** Asks while it may. One thread at a time, and never within itself: an answer may come before the question returns. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            for (Question next = next(); next != null; next = next()) {
                ask(next);
            }
            seen = drains.addAndGet(-seen);
        }
    }

    /** Counted as asked. */
    private synchronized @Nullable Question next() {
        if (asked >= limits.askedMax()) {
            return null;
        }
        Question next = known.poll();
        if (next == null && askedForStrangers < limits.askedForStrangersMax()) {
            next = strangers.poll();
        }
        if (next != null) {
            left(next);
            asked++;
            askedForStrangers += next.knownBefore ? 0 : 1;
        }
        return next;
    }

    private synchronized void returned(Question question) {
        asked--;
        askedForStrangers -= question.knownBefore ? 0 : 1;
    }

    private void ask(Question question) {
        if (question.asker.left()) {
            returned(question);
            unasked(question, new Failure.ClientGone(null));
            return;
        }
        question.asked.get().onComplete((verdict, failure) -> {
            circuit.ended(question.leave, failure);
            returned(question);
            question.payment.giveBack();
            if (failure == null) {
                question.answer.complete(verdict);
            } else {
                question.answer.fail(failure instanceof Failure.Forbidden ? failure : withoutCause(failure));
            }
            if (circuit.isOpen()) {
                refuseWaiting();
            }
            drain();
        });
    }

    /** The cause is logged here, once for many, and not by each who asked. */
    private static Failure withoutCause(Throwable failure) {
        return new Failure.Upstream(String.valueOf(failure.getMessage()), null);
    }

    /** Who waits for a silent server is told at once. */
    private void refuseWaiting() {
        for (Question next = nextWaiting(); next != null; next = nextWaiting()) {
            unasked(next, new Failure.Upstream(SILENT, null));
        }
    }

    private synchronized @Nullable Question nextWaiting() {
        Question next = known.poll();
        if (next == null) {
            next = strangers.poll();
        }
        if (next != null) {
            left(next);
        }
        return next;
    }

    /** How many tokens that were good before wait now. */
    synchronized int waitingKnown() {
        return known.size();
    }

    /** How many tokens of strangers wait now. */
    synchronized int waitingStrangers() {
        return strangers.size();
    }

    /** How many questions are at the server now. */
    synchronized int asked() {
        return asked;
    }
}
