package us.kbase.caching.once;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Forward;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;

/**
 * Clustered gateways and workers, each a process of its own, on one bucket; some are killed, stopped and continued meanwhile. Its
 * pauses are the rhythm of that, at random from the plan's seed: nothing is waited for by them.
 */
final class OnceRun {

    static final String TOKEN = "token-of-the-once-test";

    private static final int GATEWAYS = 3;
    private static final int WORKER_PROCESSES = 4;
    private static final int START_SECONDS_MAX = 60;
    private static final int HTTP_PORT = 5000;
    private static final int MEMBER_PORT = 5701;

    /** Members forget each other after 10 s without a sign of life, and look for lost ones every 10 s. */
    private static final long PARTED_MILLIS = 18_000;

    private static final long JOINED_MILLIS = 15_000;

    /**
     * What to run.
     *
     * @param fencing {@code fenced}, or {@code unfenced}: uploads then do not name their lease
     */
    record Plan(int seconds, int workers, int jobs, String fencing, long seed) {}

    /** A time in which a process of workers was stopped, and waited for nobody but itself. */
    record Pause(String process, long fromMillis, long untilMillis) {}

    /** What all workers wrote down, those killed included, and when they could not. */
    record History(List<Event> events, List<Pause> pauses) {}

    private final Plan plan;
    private final Path folder;
    private final S3Connection bucket;
    private final List<Integer> ports = new ArrayList<>();
    private final List<String> clusterAddresses = new ArrayList<>();
    private final Optional<Namespaces> hosts;
    private final Vertx vertx = Vertx.vertx();
    private int storePort;
    private final List<Process> gateways = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private final List<String> disturbances = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final List<Program> versions;
    private final int[] starts = new int[GATEWAYS];

    private OnceRun(Plan plan, Path folder, S3Servers.Server server, Optional<Namespaces> hosts, List<Program> versions)
            throws IOException {
        this.plan = plan;
        this.folder = folder;
        this.versions = versions;
        this.bucket = server.bucket();
        this.hosts = hosts;
        for (int i = 0; i < GATEWAYS; i++) {
            int gateway = i;
            ports.add(hosts.map(net -> Forward.start(
                            vertx, "127.0.0.1", SocketAddress.inetSocketAddress(HTTP_PORT, net.address(gateway))))
                    .orElseGet(OnceRun::freePort));
            clusterAddresses.add(hosts.map(net -> net.address(gateway) + ":" + MEMBER_PORT)
                    .orElseGet(() -> "127.0.0.1:" + freePort()));
        }
    }

    /** Runs the plan: gateways and workers die. */
    static History history(Plan plan, Path folder, S3Servers.Server server) throws Exception {
        return history(new OnceRun(plan, folder, server, Optional.empty(), List.of(Program.THIS)), OnceRun::disturb);
    }

    /** The same with gateways of these versions beside each other; each is killed and starts again as the next version. */
    static History mixed(Plan plan, Path folder, S3Servers.Server server, List<Program> versions) throws Exception {
        return history(new OnceRun(plan, folder, server, Optional.empty(), versions), OnceRun::change);
    }

    /** Runs the plan on hosts of their own, which are parted and joined again. */
    static History parted(Plan plan, Path folder, S3Servers.Server server, Namespaces hosts) throws Exception {
        return history(
                new OnceRun(plan, folder, server, Optional.of(hosts), List.of(Program.THIS)), run -> run.part(hosts));
    }

    private interface Disturbances {
        void happen(OnceRun run) throws Exception;
    }

    private static History history(OnceRun run, Disturbances disturbances) throws Exception {
        try {
            run.start();
            disturbances.happen(run);
        } finally {
            run.stop();
            run.disturbances.forEach(System.out::println);
        }
        return new History(run.read(), run.pauses);
    }

    private void start() throws Exception {
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(gateway(i));
        }
        for (int port : ports) {
            awaitServing(port);
        }
        for (int i = 0; i < WORKER_PROCESSES; i++) {
            workers.add(worker(i));
        }
    }

    private Process gateway(int i) throws IOException {
        String members = String.join(",", clusterAddresses);
        int port = hosts.isPresent() ? HTTP_PORT : ports.get(i);
        Path tokens =
                Files.writeString(folder.resolve("gateway.yaml"), "auth:\n  tokens:\n    " + TOKEN + ": worker\n");
        Map<String, String> environment = new java.util.HashMap<>();
        environment.put("CACHING_HTTP_PORT", Integer.toString(port));
        environment.put("CACHING_HTTP_HOST", hosts.map(net -> net.address(i)).orElse("127.0.0.1"));
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put("CACHING_STORE_S3_ENDPOINT", endpoint());
        environment.put("CACHING_STORE_S3_BUCKET", bucket.bucket());
        environment.put("CACHING_STORE_S3_ACCESS_KEY", bucket.accessKey());
        environment.put("CACHING_STORE_S3_SECRET_KEY", bucket.secretKey().reveal());
        if (versions.size() == 1) { // gateways of two versions are no cluster
            environment.put("CACHING_CLUSTER_ENABLED", "true");
            environment.put("CACHING_CLUSTER_HOST", clusterAddresses.get(i));
            environment.put("CACHING_CLUSTER_MEMBERS", members);
            environment.put("CACHING_CLUSTER_NAME", bucket.bucket());
            environment.put("CACHING_CLUSTER_SECRET", "a secret of thirty-two characters");
        }
        Program version = versions.get((i + starts[i]++) % versions.size());
        note("starts", "gateway-" + i + " of version " + versions.indexOf(version), 0);
        return version.start(
                folder.resolve("gateway-" + i + ".log"),
                environment,
                hosts.map(net -> net.command(i)).orElse(List.of()),
                List.of("us.kbase.caching.cli.Main", "serve", "-c", tokens.toString()));
    }

    /** The store as the gateways reach it. */
    private String endpoint() {
        return hosts.map(net -> {
                    if (storePort == 0) {
                        storePort = Forward.start(
                                vertx,
                                net.here(),
                                SocketAddress.inetSocketAddress(
                                        bucket.endpoint().getPort(),
                                        bucket.endpoint().getHost()));
                    }
                    return "http://" + net.here() + ":" + storePort;
                })
                .orElse(bucket.endpoint().toString());
    }

    private Process worker(int i) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                OnceWorkers.class.getName(),
                "worker-" + i,
                folder.resolve("history-" + i + "-" + System.nanoTime()).toString(),
                Integer.toString(plan.workers() / WORKER_PROCESSES),
                Integer.toString(plan.jobs()),
                plan.fencing()));
        ports.forEach(port -> command.add(port.toString()));
        return java("worker-" + i, Map.of(), List.of(), command);
    }

    private Process java(String name, Map<String, String> environment, List<String> before, List<String> main)
            throws IOException {
        return Program.THIS.start(folder.resolve(name + ".log"), environment, before, main);
    }

    /**
     * One gateway alone, the others together, long enough that each side forgets the other; then joined until they have found each
     * other again; and so on. Workers are killed and stopped meanwhile, and use gateways on both sides.
     */
    private void part(Namespaces net) throws Exception {
        Random random = new Random(plan.seed());
        long end = System.currentTimeMillis() + plan.seconds() * 1000L;
        awaitWork();
        while (System.currentTimeMillis() < end) {
            int alone = random.nextInt(GATEWAYS);
            int other = (alone + 1) % GATEWAYS;
            expect(net.reaches(alone, other, MEMBER_PORT) && net.reaches(other, alone, MEMBER_PORT), "not joined");
            note("parted", "gateway-" + alone, 0);
            net.part(alone);
            expect(!net.reaches(alone, other, MEMBER_PORT) && !net.reaches(other, alone, MEMBER_PORT), "not parted");
            disturbWorkers(random, PARTED_MILLIS);
            note("joined", "gateway-" + alone, 0);
            net.join(alone);
            disturbWorkers(random, JOINED_MILLIS);
        }
    }

    private static int freePort() {
        try {
            return S3Servers.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private void disturbWorkers(Random random, long millis) throws Exception {
        long end = System.currentTimeMillis() + millis;
        while (System.currentTimeMillis() < end) {
            int worker = random.nextInt(WORKER_PROCESSES);
            if (random.nextInt(3) == 0) {
                killWorker(worker);
            } else {
                stopAndContinue("worker-" + worker, workers.get(worker), 500 + random.nextInt(2500));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
        }
    }

    private void killWorker(int worker) throws Exception {
        note("killed", "worker-" + worker, 0);
        workers.get(worker).destroyForcibly().waitFor();
        workers.set(worker, worker(worker));
    }

    private static void awaitServing(int port) {
        Await.until("a gateway on port " + port, START_SECONDS_MAX, () -> ServiceProcess.answers(port, "/healthz"));
    }

    /** A disturbance before there is work to disturb would show nothing. */
    private void awaitWork() {
        Await.until(
                "the first result",
                START_SECONDS_MAX,
                () -> read().stream().anyMatch(event -> event.kind() == Event.Kind.PUBLISHED));
    }

    /** One disturbance after the other until the time is over; at most one gateway is away at a time. */
    private void disturb() throws Exception {
        Random random = new Random(plan.seed());
        long end = System.currentTimeMillis() + plan.seconds() * 1000L;
        awaitWork();
        while (System.currentTimeMillis() < end) {
            int gateway = random.nextInt(GATEWAYS);
            int worker = random.nextInt(WORKER_PROCESSES);
            switch (random.nextInt(4)) {
                case 0 -> {
                    note("killed", "gateway-" + gateway, 0);
                    gateways.get(gateway).destroyForcibly().waitFor();
                    gateways.set(gateway, gateway(gateway));
                    awaitServing(ports.get(gateway));
                }
                case 1 -> killWorker(worker);
                case 2 -> stopAndContinue("gateway-" + gateway, gateways.get(gateway), 500 + random.nextInt(2500));
                default -> stopAndContinue("worker-" + worker, workers.get(worker), 500 + random.nextInt(3500));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
        }
    }

    /** One gateway after the other, until each was of each version, and the time is over; workers die meanwhile. */
    private void change() throws Exception {
        Random random = new Random(plan.seed());
        long end = System.currentTimeMillis() + plan.seconds() * 1000L;
        awaitWork();
        for (int i = 0; i < GATEWAYS * versions.size() || System.currentTimeMillis() < end; i++) {
            int gateway = i % GATEWAYS;
            note("killed", "gateway-" + gateway, 0);
            gateways.get(gateway).destroyForcibly().waitFor();
            gateways.set(gateway, gateway(gateway));
            awaitServing(ports.get(gateway));
            disturbWorkers(random, 2_000);
        }
    }

    private void note(String what, String process, int millis) {
        disturbances.add(System.currentTimeMillis() + " " + what + " " + process + " " + millis);
    }

    private void stopAndContinue(String name, Process process, int millis) throws Exception {
        note("stopped", name, millis);
        long from = System.currentTimeMillis();
        signal("-STOP", process);
        TimeUnit.MILLISECONDS.sleep(millis);
        signal("-CONT", process);
        pauses.add(new Pause(name, from, System.currentTimeMillis()));
    }

    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }

    private void stop() throws InterruptedException {
        for (Process process : IntStream.range(0, workers.size() + gateways.size())
                .mapToObj(i -> i < workers.size() ? workers.get(i) : gateways.get(i - workers.size()))
                .toList()) {
            process.destroyForcibly().waitFor();
        }
        Await.result(vertx.close());
    }

    private List<Event> read() {
        List<Event> events = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("history-"))
                    .toList()) {
                String text = Files.readString(file);
                // A process killed in the middle of a line leaves one without an end.
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(Event::parse)
                        .forEach(events::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }
}
