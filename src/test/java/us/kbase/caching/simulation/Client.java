package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.lease.LeaseRequest;
import us.kbase.caching.store.Body;

/** One client: does one thing after the other, each through any gateway, and repeats an upload under a lease that got no answer. */
final class Client {

    private static final int ACTS_LEAST = 2;
    private static final int ACTS_MORE = 3;
    private static final double LEAVES = 0.05;
    private static final double UPLOAD_BREAKS = 0.1;
    private static final int TTL_SECONDS = 60;

    private static final List<Act.Kind> WITH_A_LEASE =
            List.of(Act.Kind.PUBLISH_LEASED, Act.Kind.PUBLISH_LEASED, Act.Kind.RENEW, Act.Kind.RELEASE);

    private static final List<Act.Kind> WITHOUT_ONE = List.of(
            Act.Kind.RESERVE,
            Act.Kind.PUBLISH,
            Act.Kind.PUBLISH,
            Act.Kind.OPEN,
            Act.Kind.REMOVE,
            Act.Kind.TAKE,
            Act.Kind.TAKE,
            Act.Kind.SWEEP);

    private final Simulation simulation;
    private final Schedule schedule;
    private final Random random;
    private int left;
    private Optional<String> lease = Optional.empty();
    private Optional<String> repeated = Optional.empty();

    Client(Simulation simulation, Schedule schedule) {
        this.simulation = simulation;
        this.schedule = schedule;
        this.random = schedule.random();
        this.left = ACTS_LEAST + random.nextInt(ACTS_MORE);
    }

    void begin() {
        if (left-- > 0) {
            long pause = schedule.between(0, schedule.chance(0.3) ? 20 * Network.SECOND : Network.SECOND);
            schedule.after(pause, Schedule.WORLD, () -> act(kind()));
        }
    }

    private Act.Kind kind() {
        if (repeated.isPresent()) {
            return Act.Kind.PUBLISH_LEASED;
        }
        List<Act.Kind> kinds = lease.isPresent() && schedule.chance(0.75) ? WITH_A_LEASE : WITHOUT_ONE;
        return kinds.get(random.nextInt(kinds.size()));
    }

    private void act(Act.Kind kind) {
        SimulatedGateway gateway = simulation.anyGateway();
        boolean uploads = kind == Act.Kind.PUBLISH || kind == Act.Kind.PUBLISH_LEASED;
        String content = uploads ? repeated.orElseGet(this::anyContent) : "";
        String shown = switch (kind) {
            case RENEW, RELEASE, PUBLISH_LEASED -> lease.orElseThrow();
            case TAKE -> Model.NOBODY + schedule.nowMicros();
            default -> "";
        };
        Promise<Void> gone = Promise.promise();
        if (schedule.chance(LEAVES)) {
            schedule.after(schedule.between(0, 5 * Network.SECOND), Schedule.WORLD, gone::tryComplete);
        }
        Future<?> answer = ask(kind, gateway, content, shown, gone.future());
        simulation
                .note(new Simulation.Asked(kind, content, shown), gateway, answer, gone.future())
                .onSuccess(this::told);
    }

    private String anyContent() {
        return switch (random.nextInt(9)) { // the same bytes come back often, as those of jobs do
            case 0 -> "result of " + schedule.nowMicros();
            case 1, 2, 3, 4 -> Simulation.OLD;
            default -> "another result";
        };
    }

    private Future<?> ask(Act.Kind kind, SimulatedGateway gateway, String content, String shown, Future<?> gone) {
        var id = Simulation.ID;
        var owner = Simulation.OWNER;
        boolean breaks = schedule.chance(UPLOAD_BREAKS);
        return switch (kind) {
            case RESERVE -> gateway.cache().reserve(id, owner, gone);
            case PUBLISH ->
                simulation.publish(
                        gateway,
                        gateway.cache()
                                .admit(
                                        id,
                                        owner,
                                        schedule.chance(0.5) ? content.length() : Body.UNKNOWN,
                                        ResultCheck.NONE,
                                        gone),
                        content,
                        breaks);
            case PUBLISH_LEASED ->
                simulation.publish(
                        gateway, gateway.admission().under(id, owner, shown, ResultCheck.NONE, gone), content, breaks);
            case OPEN -> simulation.read(gateway);
            case REMOVE -> gateway.cache().remove(id, Requester.user(owner), ResultCheck.NONE, gone);
            case TAKE -> {
                LeaseRequest request = new LeaseRequest(
                        TTL_SECONDS, schedule.chance(0.5) ? 5 : 0, "client", LeaseRequest.Intent.COMPUTE);
                yield gateway.leases().compose(leases -> leases.ask(id, owner, request, gone));
            }
            case RENEW ->
                gateway.leases()
                        .compose(leases -> leases.renew(id, owner, shown, Optional.empty()))
                        .map(Act.OK);
            case RELEASE -> gateway.leases().compose(leases -> leases.release(id, owner, shown));
            case SWEEP -> gateway.sweep();
        };
    }

    private void told(Act act) {
        repeated = act.kind() == Act.Kind.PUBLISH_LEASED && act.isUnknown()
                ? Optional.of(act.content())
                : Optional.empty();
        if (act.fencing() > 0) {
            lease = Optional.of(act.lease());
        }
        begin();
    }
}
