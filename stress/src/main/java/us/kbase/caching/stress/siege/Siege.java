package us.kbase.caching.stress.siege;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.ServerProcess;
import us.kbase.caching.stress.siege.attack.Attack;
import us.kbase.caching.stress.siege.attack.Attacks;
import us.kbase.caching.stress.siege.attack.Field;
import us.kbase.caching.stress.siege.wire.Wire;

/** The course of a siege: warm-up, calm, attacks, and what is left of them. One thread, which waits. */
final class Siege {

    private static final long PATIENCE_MILLIS = 200_000;
    private static final double WARM_UP_JOBS_PER_SECOND = 40;
    private static final double JOBS_PER_SECOND = 10;
    private static final long PROGRESS_SECONDS = 10;
    private static final long SECOND_MILLIS = 1_000;

    private final Plan plan;
    private final Vertx vertx;
    private final Servers servers;
    private final Loop loop;
    private final Weather weather = new Weather();
    private final Map<String, Attack> attacks = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();
    private final List<Besieged> stretches = new ArrayList<>();
    private final RssSeries rss = new RssSeries();
    private final long beganNanos = System.nanoTime();
    private OptionalLong openFilesStart = OptionalLong.empty();
    private double peakMebibytes;
    private String lastRunning = "";

    /**
     * How long and what.
     *
     * @param seconds of attacks
     * @param calmSeconds before, for each delay of the store
     * @param settleSeconds afterwards, at most, until nothing is left over
     * @param lateMillis how late the store may be
     */
    record Plan(
            long seconds,
            long warmUpSeconds,
            long calmSeconds,
            long settleSeconds,
            List<String> attacks,
            int atOnce,
            List<Long> lateMillis,
            double heapMebibytes,
            long seed) {}

    /** A stretch of the siege, and what the calls that began in it took. */
    record Besieged(Schedule.Stretch stretch, CalmRecord.Latency calls) {}

    Siege(Plan plan, Vertx vertx, Servers servers) {
        this.plan = plan;
        this.vertx = vertx;
        this.servers = servers;
        this.loop = Loop.of(vertx);
    }

    Measured run() {
        Http preparing = http();
        try (Wire wire =
                new Wire(new InetSocketAddress("127.0.0.1", servers.gateway().port()))) {
            Field field = new Groundwork(preparing, loop, plan.seed())
                    .field(wire, plan.seed(), Attacks.entriesFor(plan.attacks()));
            Attacks.Store store = new Attacks.Store(
                    servers.proxy()::curse, servers.proxy()::slowDown, servers.proxy()::slowDownsDone);
            plan.attacks().forEach(name -> attacks.put(name, Attacks.named(name, field, store)));
            CalmRecord warmUp = new CalmRecord();
            phase("warm-up", preparing, WARM_UP_JOBS_PER_SECOND, warmUp, plan.warmUpSeconds());
            close(preparing);
            Child.pause(SECOND_MILLIS);
            openFilesStart = Leftovers.openFiles(pid(), servers.proxy().port());
            Http calmClient = http();
            CalmRecord calm = new CalmRecord();
            for (long late : Set.copyOf(plan.lateMillis()).stream().sorted().toList()) {
                answerLate(late);
                phase("calm", calmClient, JOBS_PER_SECOND, calm, Math.max(plan.calmSeconds(), 8 * late / 1_000));
            }
            answerLate(0);
            double siegeBegan = seconds();
            CalmRecord besieged = new CalmRecord();
            besiege(calmClient, besieged);
            double siegeEnded = seconds();
            close(calmClient);
            settle();
            return measured(calm, besieged, siegeBegan, siegeEnded);
        }
    }

    private void besiege(Http client, CalmRecord record) {
        Schedule schedule = new Schedule(plan.attacks(), plan.atOnce(), plan.lateMillis(), plan.seed());
        AtomicBoolean over = new AtomicBoolean();
        Future<Void> users = loop.start(
                () -> new CalmUsers(vertx, client, weather, plan.seed() + 1, JOBS_PER_SECOND).work(record, over::get));
        List<Schedule.Stretch> passed = new ArrayList<>();
        double end = seconds() + plan.seconds();
        while (seconds() < end && servers.alive()) {
            Schedule.Stretch stretch = schedule.next();
            record.nextStretch();
            passed.add(stretch);
            answerLate(stretch.lateMillis());
            change(stretch.attacks());
            watch("siege", record, Math.min(end, seconds() + stretch.seconds()), () -> !servers.alive());
        }
        lastRunning = String.join(", ", running);
        change(List.of());
        answerLate(0);
        over.set(true);
        watch("after", record, seconds() + PATIENCE_MILLIS / 1_000.0, users::isComplete);
        for (int i = 0; i < passed.size(); i++) {
            stretches.add(new Besieged(passed.get(i), record.ofStretch(i + 1)));
        }
    }

    private void change(List<String> wanted) {
        attacks.forEach((name, attack) -> {
            if (wanted.contains(name)) {
                attack.start();
            } else if (running.contains(name)) {
                attack.stop();
            }
        });
        running.clear();
        running.addAll(wanted);
    }

    private void answerLate(long millis) {
        servers.proxy().answerLate(millis);
        weather.change(millis);
    }

    private void phase(String name, Http client, double jobsPerSecond, CalmRecord record, long seconds) {
        AtomicBoolean over = new AtomicBoolean();
        Future<Void> users = loop.start(
                () -> new CalmUsers(vertx, client, weather, plan.seed(), jobsPerSecond).work(record, over::get));
        watch(name, record, seconds() + seconds, () -> false);
        over.set(true);
        watch(name, record, seconds() + PATIENCE_MILLIS / 1_000.0, users::isComplete);
    }

    /** Samples memory each second and prints a line each ten, until then or sooner. */
    private void watch(String phase, CalmRecord record, double untilSeconds, BooleanSupplier sooner) {
        int ticks = 0;
        while (seconds() < untilSeconds && !sooner.getAsBoolean()) {
            Child.pause(SECOND_MILLIS);
            sample();
            if (++ticks % PROGRESS_SECONDS == 0) {
                System.err.println(Lines.progress(
                        phase,
                        seconds(),
                        servers.proxy().lateMillis(),
                        rss.median(seconds() - 3, seconds() + 1),
                        record,
                        attacks));
            }
        }
    }

    private void sample() {
        try {
            ServerProcess use = servers.gateway().use();
            double peak = use.peakRssMebibytes();
            if (peak > 0) { // a process that ended has none
                rss.add(seconds(), use.rssMebibytes());
                peakMebibytes = peak;
            }
        } catch (RuntimeException gone) {
            // The process ended meanwhile, and the table says so.
        }
    }

    /** Waits until nothing is left over, or until that is to be called left over. */
    private void settle() {
        double end = seconds() + plan.settleSeconds();
        while (seconds() < end && servers.alive() && !isClean()) {
            Child.pause(SECOND_MILLIS);
            sample();
        }
    }

    private boolean isClean() {
        OptionalLong files = Leftovers.openFiles(pid(), servers.proxy().port());
        boolean filesClosed = files.isPresent() && files.getAsLong() <= openFilesStart.orElse(0);
        boolean nothingHeld = servers.gauges()
                .map(held -> held.values().stream().allMatch(value -> value == 0))
                .orElse(true);
        return filesClosed
                && nothingHeld
                && Leftovers.multipartUploads(servers.s3(), servers.loop()).orElse(0)
                        <= servers.proxy().uploadsUntold();
    }

    private Measured measured(CalmRecord calm, CalmRecord besieged, double siegeBegan, double siegeEnded) {
        boolean lived = servers.alive();
        double warm = siegeBegan + plan.seconds() / 4.0;
        Child.pause(SECOND_MILLIS);
        sample();
        return new Measured(
                lived,
                besieged.good(),
                besieged.failed(),
                besieged.excused(),
                besieged.wrong(),
                calm.latencies(),
                besieged.latencies(),
                plan.heapMebibytes(),
                peakMebibytes,
                lived ? rss.median(warm, warm + plan.seconds() / 8.0) : OptionalDouble.empty(),
                lived ? rss.median(siegeEnded, seconds() + 1) : OptionalDouble.empty(),
                openFilesStart,
                lived ? Leftovers.openFiles(pid(), servers.proxy().port()) : OptionalLong.empty(),
                servers.proxy().uploadsUntold(),
                lived ? Leftovers.multipartUploads(servers.s3(), servers.loop()) : OptionalLong.empty(),
                lived ? servers.gauges() : Optional.empty());
    }

    /** What ran when the siege ended. */
    String lastRunning() {
        return lastRunning;
    }

    /** What calm users met in each stretch, in the order in which they came. */
    List<Besieged> stretches() {
        return stretches;
    }

    Map<String, Attack> attacks() {
        return attacks;
    }

    private long pid() {
        return servers.gateway().child().pid();
    }

    private Http http() {
        return new Http(vertx, servers.gateway().url(), Http.Settings.many(PATIENCE_MILLIS));
    }

    private void close(Http http) {
        loop.run(http::close);
    }

    private double seconds() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
