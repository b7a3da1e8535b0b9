package us.kbase.caching.once;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import us.kbase.caching.store.s3.S3Connection;
import us.kbase.caching.testing.S3Servers;

/** Clustered gateways and workers, each a process of its own, on one bucket; some are killed, stopped and continued meanwhile. */
final class OnceRun {

    static final String TOKEN = "token-of-the-once-test";

    private static final int GATEWAYS = 3;
    private static final int WORKER_PROCESSES = 4;
    private static final long START_MILLIS = 60_000;

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
    private final List<Integer> clusterPorts = new ArrayList<>();
    private final List<Process> gateways = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private final List<String> disturbances = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();

    private OnceRun(Plan plan, Path folder, S3Servers.Server server) throws IOException {
        this.plan = plan;
        this.folder = folder;
        this.bucket = server.bucket();
        for (int i = 0; i < GATEWAYS; i++) {
            ports.add(S3Servers.freePort());
            clusterPorts.add(S3Servers.freePort());
        }
    }

    /** Runs the plan. */
    static History history(Plan plan, Path folder, S3Servers.Server server) throws Exception {
        OnceRun run = new OnceRun(plan, folder, server);
        try {
            run.start();
            run.disturb();
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
            awaitListening(port);
        }
        for (int i = 0; i < WORKER_PROCESSES; i++) {
            workers.add(worker(i));
        }
    }

    private Process gateway(int i) throws IOException {
        String members = clusterPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        Path tokens =
                Files.writeString(folder.resolve("gateway.yaml"), "auth:\n  tokens:\n    " + TOKEN + ": worker\n");
        return java(
                "gateway-" + i,
                Map.of(
                        "CACHING_HTTP_PORT", ports.get(i).toString(),
                        "CACHING_STORE_TYPE", "s3",
                        "CACHING_STORE_S3_ENDPOINT", bucket.endpoint().toString(),
                        "CACHING_STORE_S3_BUCKET", bucket.bucket(),
                        "CACHING_STORE_S3_ACCESS_KEY", bucket.accessKey(),
                        "CACHING_STORE_S3_SECRET_KEY", bucket.secretKey(),
                        "CACHING_CLUSTER_ENABLED", "true",
                        "CACHING_CLUSTER_HOST", "127.0.0.1:" + clusterPorts.get(i),
                        "CACHING_CLUSTER_MEMBERS", members,
                        "CACHING_CLUSTER_NAME", bucket.bucket()),
                List.of("us.kbase.caching.cli.Main", "serve", "-c", tokens.toString()));
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
        return java("worker-" + i, Map.of(), command);
    }

    private Process java(String name, Map<String, String> environment, List<String> main) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dvertx.disableDnsResolver=true",
                "-Dlogback.configurationFile=conf/logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(main);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void awaitListening(int port) throws Exception {
        long deadline = System.currentTimeMillis() + START_MILLIS;
        while (System.currentTimeMillis() < deadline) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("no gateway on port " + port);
    }

    /** One disturbance after the other until the time is over; at most one gateway is away at a time. */
    private void disturb() throws Exception {
        Random random = new Random(plan.seed());
        long end = System.currentTimeMillis() + plan.seconds() * 1000L;
        TimeUnit.SECONDS.sleep(2);
        while (System.currentTimeMillis() < end) {
            int gateway = random.nextInt(GATEWAYS);
            int worker = random.nextInt(WORKER_PROCESSES);
            switch (random.nextInt(4)) {
                case 0 -> {
                    note("killed", "gateway-" + gateway, 0);
                    gateways.get(gateway).destroyForcibly().waitFor();
                    gateways.set(gateway, gateway(gateway));
                    awaitListening(ports.get(gateway));
                }
                case 1 -> {
                    note("killed", "worker-" + worker, 0);
                    workers.get(worker).destroyForcibly().waitFor();
                    workers.set(worker, worker(worker));
                }
                case 2 -> stopAndContinue("gateway-" + gateway, gateways.get(gateway), 500 + random.nextInt(2500));
                default -> stopAndContinue("worker-" + worker, workers.get(worker), 500 + random.nextInt(3500));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
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
    }

    private List<Event> read() throws IOException {
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
        }
        return events;
    }
}
