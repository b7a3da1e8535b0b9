package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Changes;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.ElapsedClock;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.lane.BusyLimit;
import us.kbase.caching.store.s3.lane.Lane;
import us.kbase.caching.store.s3.lane.LaneLoad;
import us.kbase.caching.store.s3.lane.LaneRoom;
import us.kbase.caching.store.s3.lane.RecentUsers;

/** One gateway process: the real services on a simulated store, with a clock that is off. */
final class SimulatedGateway {

    private static final SweepOptions EVERYTHING =
            new SweepOptions(SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, Duration.ZERO, Duration.ofHours(24));

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final long WAITERS_BYTES = 1 << 20;
    private static final long TRANSFERS_BYTES = 1 << 20;
    private static final long UPLOADS_BYTES = 1 << 20;

    /** So few that calls wait for each other now and then. */
    private static final int CONNECTIONS = 4;

    /** Of these, so many need no memory of their own. */
    private static final int CONNECTIONS_SET_ASIDE = 1;

    private final Schedule.Process process = new Schedule.Process();
    private final Budget waiters = Budget.of("waiters", WAITERS_BYTES);
    private final Budget transfers = Budget.of("transfers", TRANSFERS_BYTES);
    private final Budget uploads = Budget.of("uploads", UPLOADS_BYTES);
    private final LaneLoad load = new LaneLoad();
    private final Schedule schedule;
    private final Vertx vertx;
    private final StoreTime time;
    private final Network network;
    private final SimulatedStore store;
    private final CacheService cache;
    private final LeaseAdmission admission;
    private final Future<LeaseService> leases;
    private long clockOffMicros;

    SimulatedGateway(Schedule schedule, SimulatedBucket bucket, Flaw flaw, Changes elsewhere) {
        this.schedule = schedule;
        this.vertx = SimulatedVertx.of(schedule, process, flaw);
        stepClock();
        InstantSource wall = () -> schedule.now().plusNanos(clockOffMicros * 1000);
        this.time = new StoreTime(wall, new ElapsedClock(wall, () -> schedule.nowMicros() * 1000));
        this.network = new Network(
                schedule,
                process,
                bucket.clock(),
                time,
                Lane.ofCalls(vertx, busyLimit(), LaneRoom.ofCalls(transfers, CONNECTIONS_SET_ASIDE), load),
                flaw);
        this.store = switch (bucket.etags()) {
            case BYTES -> new SimulatedS3(vertx, bucket, network, time, flaw);
            case VERSIONS -> new SimulatedVersions(bucket, network, flaw);
        };
        this.leases = LeaseService.start(
                vertx, () -> store, time, Lifetimes.ORIGINAL, new LeaseService.Waking(elsewhere, POLL, waiters));
        this.cache = new CacheService(
                vertx,
                store,
                time,
                new CacheService.Node(
                        Lifetimes.ORIGINAL, new LastUse(), id -> leases.onSuccess(service -> service.changed(id))));
        this.admission = new LeaseAdmission(vertx, store, time);
    }

    private BusyLimit busyLimit() {
        LongSupplier nanoTime = () -> schedule.nowMicros() * 1000;
        return BusyLimit.ofCalls(CONNECTIONS, new RecentUsers(nanoTime), nanoTime);
    }

    /** Sets the local clock wrong, by up to three minutes. */
    void stepClock() {
        clockOffMicros = schedule.between(-180 * Network.SECOND, 180 * Network.SECOND);
    }

    Network network() {
        return network;
    }

    CacheService cache() {
        return cache;
    }

    LeaseAdmission admission() {
        return admission;
    }

    Future<LeaseService> leases() {
        return leases;
    }

    Future<?> sweep() {
        return new Sweep(vertx, store, time, EVERYTHING).run();
    }

    Schedule.Process process() {
        return process;
    }

    Budget uploads() {
        return uploads;
    }

    /** What is held though nothing is under way: memory, or a place among the connections. */
    Optional<String> held() {
        for (Budget budget : List.of(waiters, transfers, uploads)) {
            if (budget.usedBytes() != 0 || budget.waiting() != 0) {
                return Optional.of("memory of " + budget.kind() + " was not given back");
            }
        }
        return load.open() == 0 && load.busy() == 0 && load.waiting() == 0
                ? Optional.empty()
                : Optional.of("a place among the connections was not given back");
    }
}
