package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.OriginalsResult;

/** One seed: what was there before, what three clients do at once through two gateways, and whether anything of it was wrong. */
final class Simulation {

    static final CacheId ID = new CacheId("job");
    static final String OWNER = "url:owner";
    private static final int GATEWAYS = 2;
    private static final int CLIENTS = 3;
    private static final int EVENTS_MAX = 100_000;
    private static final double DIES = 0.15;
    private static final double CLOCK_STEPS = 0.3;
    private static final double STORE_CLOCK_STEPS = 0.2;
    private static final long DAY = 86_400 * Network.SECOND;
    static final String OLD = "the old result";

    private final Schedule schedule;
    private final Flaw flaw;
    private final SimulatedBucket bucket;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<Act> acts = new ArrayList<>();
    private final Map<String, String> leaseNames = new HashMap<>(Map.of("", ""));
    private int underWay;

    private Simulation(long seed, Flaw flaw) {
        this.schedule = new Schedule(seed);
        this.flaw = flaw;
        this.bucket = new SimulatedBucket(
                schedule.chance(0.7) ? SimulatedBucket.Etags.BYTES : SimulatedBucket.Etags.VERSIONS,
                new StoreClock(schedule));
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(begin());
        }
    }

    /** What is wrong with a seed's run, if anything. */
    static Optional<String> run(long seed, Flaw flaw) {
        return new Simulation(seed, flaw).run();
    }

    private SimulatedGateway begin() {
        return new SimulatedGateway(schedule, bucket, flaw, changed -> hint());
    }

    /** Tells the other gateways that something changed, late or not at all. */
    private void hint() {
        if (schedule.chance(0.5)) {
            return;
        }
        for (SimulatedGateway gateway : gateways) {
            schedule.after(
                    schedule.between(0, Network.SECOND),
                    gateway.process(),
                    () -> gateway.leases().onSuccess(leases -> leases.wake(ID)));
        }
    }

    private Optional<String> run() {
        Model before = prepare();
        gateways.forEach(gateway -> gateway.network().weather(true));
        for (int i = 0; i < CLIENTS; i++) {
            new Client(this, schedule).begin();
        }
        perhaps(STORE_CLOCK_STEPS, bucket.clock()::step);
        for (int i = 0; i < GATEWAYS; i++) {
            int number = i;
            perhaps(DIES, () -> restart(number));
            perhaps(CLOCK_STEPS, () -> gateways.get(number).stepClock());
        }
        if (!settle()) {
            return Optional.of("it goes on and on");
        }
        return judge(before);
    }

    private void perhaps(double probability, Runnable event) {
        if (schedule.chance(probability)) {
            schedule.after(schedule.between(0, 30 * Network.SECOND), Schedule.WORLD, event);
        }
    }

    private Optional<String> judge(Model before) {
        if (underWay > 0) {
            return Optional.of(underWay + " requests never ended; " + acts);
        }
        Optional<String> held =
                gateways.stream().flatMap(gateway -> gateway.held().stream()).findFirst();
        if (held.isPresent()) {
            return held;
        }
        if (bucket.hasLeftUploads()) {
            return Optional.of("parts of an upload were left in the store");
        }
        gateways.forEach(gateway -> gateway.network().weather(false));
        Future<Act> last =
                note(new Asked(Act.Kind.OPEN, "", ""), gateways.get(0), read(gateways.get(0)), Departures.NEVER);
        if (!settle() || !last.isComplete()) {
            return Optional.of("reading what is left goes on and on");
        }
        Optional<String> numbers = wrongNumbers();
        return numbers.isPresent() || Order.exists(before, acts)
                ? numbers
                : Optional.of("no order explains, from " + before + ":\n  "
                        + String.join("\n  ", acts.stream().map(Act::toString).toList()));
    }

    /** Numbers grow with time while nothing takes the placeholder away that keeps them. */
    private Optional<String> wrongNumbers() {
        List<Act> grants = acts.stream().filter(act -> act.fencing() > 0).toList();
        for (Act one : grants) {
            for (Act other : grants) {
                boolean same = one != other && one.fencing() == other.fencing();
                boolean smaller =
                        one.isBefore(other) && other.fencing() < one.fencing() && !isRemovedBetween(one, other);
                if (same || smaller) {
                    return Optional.of("fencing numbers: " + one + ", then " + other);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isRemovedBetween(Act one, Act other) {
        return acts.stream()
                .anyMatch(act -> act.kind() == Act.Kind.REMOVE && !act.isBefore(one) && !other.isBefore(act));
    }

    private boolean settle() {
        for (int i = 0; i < EVENTS_MAX; i++) {
            if (!schedule.step()) {
                return true;
            }
        }
        return false;
    }

    /** What is there before the clients begin, made by the gateways in fair weather. */
    private Model prepare() {
        SimulatedGateway gateway = gateways.get(0);
        Model.Kind kind = Model.Kind.values()[schedule.random().nextInt(Model.Kind.values().length)];
        boolean file = kind == Model.Kind.FILE || kind == Model.Kind.EXPIRED && schedule.chance(0.7);
        if (kind == Model.Kind.ABSENT || kind == Model.Kind.SWEPT) {
            return Model.of(Model.Kind.ABSENT, "");
        }
        await(gateway.cache().reserve(ID, OWNER, Departures.NEVER));
        if (file) {
            await(publish(
                    gateway,
                    gateway.cache().admit(ID, OWNER, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER),
                    OLD,
                    false));
        }
        if (kind == Model.Kind.EXPIRED) {
            schedule.pass(31 * DAY + DAY / 6);
        } else if (file && schedule.chance(0.5)) {
            schedule.pass(20 * DAY);
            await(read(gateway)); // which renews it
            schedule.pass(15 * DAY);
        }
        return Model.of(kind, file ? OLD : "");
    }

    private void await(Future<?> future) {
        settle();
        if (!future.succeeded()) {
            throw new IllegalStateException("fair weather, and yet", future.cause());
        }
    }

    private void restart(int number) {
        gateways.get(number).process().die();
        SimulatedGateway next = begin();
        next.network().weather(true);
        gateways.set(number, next);
    }

    SimulatedGateway anyGateway() {
        return gateways.get(schedule.random().nextInt(gateways.size()));
    }

    /** As an upload is handled: paid for before anything of it is held. */
    Future<String> publish(SimulatedGateway gateway, Future<Admission> admission, String content, boolean breaks) {
        Budget.Payment payment = gateway.uploads().tryTake(content.length()).orElseThrow();
        return published(gateway, admission, content, breaks).onComplete(done -> {
            if (done.succeeded() || flaw != Flaw.LEAKED_PAYMENT) {
                payment.giveBack();
            }
        });
    }

    private Future<String> published(
            SimulatedGateway gateway, Future<Admission> admission, String content, boolean breaks) {
        Buffer bytes = Buffer.buffer(content);
        return admission
                .compose(admitted -> gateway.cache()
                        .store(
                                admitted,
                                new CacheService.Upload(
                                        "f",
                                        30,
                                        new Body(
                                                new UploadedBytes(gateway.network(), content, breaks),
                                                bytes.length()))))
                .map(Act.OK);
    }

    Future<String> read(SimulatedGateway gateway) {
        return gateway.cache()
                .open(ID, OWNER, ByteRange.ALL)
                .compose(opened -> opened.download().bytes().collect(length -> {}))
                .compose(bytes ->
                        gateway.cache().downloaded(OriginalsResult.of(ID)).map(bytes.toString()));
    }

    /** Secrets are random, and a seed shall do the same again. */
    private String leaseName(String secret) {
        return secret.startsWith(Model.NOBODY)
                ? secret
                : leaseNames.computeIfAbsent(secret, s -> "lease " + leaseNames.size());
    }

    /** What a client asked for. */
    record Asked(Act.Kind kind, String content, String lease) {
        private Act told(Replies.Told reply, long beganMicros, long endedMicros) {
            return new Act(kind, content, reply.lease(), reply.words(), reply.fencing(), beganMicros, endedMicros);
        }
    }

    /** Notes what comes of an act; done once the client knows, or can never know. */
    Future<Act> note(Asked asked, SimulatedGateway gateway, Future<?> answer, Future<?> gone) {
        long began = schedule.nowMicros();
        Replies.Told nothing = new Replies.Told(Act.UNKNOWN, asked.lease(), 0);
        Promise<Act> told = Promise.promise();
        underWay++;
        told.future().onSuccess(act -> {
            underWay--;
            acts.add(act.withLease(leaseName(act.lease())));
            if (act.kind() == Act.Kind.RESERVE && !act.isUnknown()) {
                acts.add(act.comingLate());
            }
        });
        answer.onComplete(done -> told.tryComplete(
                gone.isComplete()
                        ? asked.told(nothing, began, Long.MAX_VALUE)
                        : asked.told(Replies.of(done, asked.lease()), began, schedule.nowMicros())));
        gateway.process()
                .death()
                .onComplete(died ->
                        told.tryComplete(asked.told(nothing, began, schedule.nowMicros() + Network.LANDS_WITHIN)));
        return told.future();
    }
}
