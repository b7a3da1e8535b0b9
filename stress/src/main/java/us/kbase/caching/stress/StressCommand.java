package us.kbase.caching.stress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Jobs;
import us.kbase.caching.stress.load.Ramp;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.V1Transfer;
import us.kbase.caching.stress.process.OpenFiles;
import us.kbase.caching.stress.process.ServerProcess;

/** Loads a running service and checks every byte. */
@Command(
        name = "stress",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Loads a running CachingService, old or new, and checks every byte that comes back.",
            "Each job makes a cache id, uploads, downloads and compares, and deletes. All jobs start at once.",
            "Exit code 0 only when nothing failed, nothing was lost and every byte was right."
        })
final class StressCommand implements Callable<Integer> {

    @Option(
            names = "--server",
            defaultValue = "http://127.0.0.1:5000",
            description = "The service (default: ${DEFAULT-VALUE}).")
    private URI url;

    @Option(names = "--token", required = true, description = "Sent as Authorization.")
    private String token;

    @Option(
            names = "--jobs",
            defaultValue = "1000",
            description = "Small jobs, all at once (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--job-bytes",
            defaultValue = "1000",
            description = "Length of a small job's file (default: ${DEFAULT-VALUE}).")
    private long jobBytes;

    @Option(
            names = "--large",
            defaultValue = "2",
            description = "Large files, all at once with the small jobs (default: ${DEFAULT-VALUE}).")
    private int large;

    @Option(
            names = "--large-bytes",
            defaultValue = "1073741824",
            description = "Length of a large file (default: ${DEFAULT-VALUE}).")
    private long largeBytes;

    @Option(
            names = "--steady",
            defaultValue = "0",
            description = "Besides, this many small jobs each second, by the clock, while the large files run.")
    private double steadyPerSecond;

    @Option(names = "--slow-clients", defaultValue = "0", description = "Besides, clients that send and read slowly.")
    private int slowClients;

    @Option(
            names = "--slow-bytes",
            defaultValue = "1048576",
            description = "Length of a slow client's file (default: ${DEFAULT-VALUE}).")
    private long slowBytes;

    @Option(
            names = "--slow-pace",
            defaultValue = "131072",
            description = "A slow client's bytes per second (default: ${DEFAULT-VALUE}).")
    private long slowPace;

    @Option(
            names = "--ramp",
            arity = "0..1",
            defaultValue = "0",
            fallbackValue = "10000",
            description =
                    "Afterwards, open 10, 100, ... up to this many connections (${FALLBACK-VALUE}) and leave them idle.")
    private int ramp;

    @Option(
            names = "--pid",
            description = "The server's process id: shows its CPU seconds and peak RSS, with its child processes.")
    private Long pid;

    @Option(
            names = "--patience",
            defaultValue = "300",
            description = "Seconds without progress after which a call has failed (default: ${DEFAULT-VALUE}).")
    private long patienceSeconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the report there too.")
    private Path json;

    private final Tally tally = new Tally();
    private final String run = UUID.randomUUID().toString();

    @Override
    public Integer call() throws IOException {
        Vertx vertx = Loop.vertx();
        Content content = new Content(run.hashCode());
        Optional<ServerProcess> server = Optional.ofNullable(pid).map(ServerProcess::withChildren);
        double cpuBefore = server.map(ServerProcess::cpuSeconds).orElse(0.0);
        List<Report.Step> steps = Collections.synchronizedList(new ArrayList<>());
        long begin = System.nanoTime();
        try (Progress progress = Progress.of(tally)) {
            load(vertx, content);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (ramp > 0) {
            climb(vertx, server, steps);
        }
        Optional<Report.Server> used =
                server.map(it -> new Report.Server(it.cpuSeconds() - cpuBefore, it.peakRssMebibytes()));
        Report report = new Report(tally, seconds, used, steps);
        System.out.print(report.table());
        if (json != null) {
            Files.writeString(json, report.json().encodePrettily() + System.lineSeparator());
        }
        Loop.await(vertx.close());
        return tally.allGood() ? 0 : 1;
    }

    private void load(Vertx vertx, Content content) {
        long patience = 1000 * patienceSeconds;
        Loop streams = Loop.of(vertx);
        Loop small = Loop.of(vertx);
        Jobs largeJobs = kind("large", content, largeBytes, new Http(vertx, url, Http.Settings.streams(patience)));
        Jobs smallJobs = kind("small", content, jobBytes, new Http(vertx, url, Http.Settings.many(patience)));
        Jobs steadyJobs = kind("steady", content, jobBytes, new Http(vertx, url, Http.Settings.many(patience)));
        Jobs slowJobs = kind("slow", content, slowBytes, new Http(vertx, url, Http.Settings.slow(patience, slowPace)));
        Future<Void> streaming = streams.start(() -> largeJobs.allAtOnce(large));
        List<Future<Void>> all = new ArrayList<>(List.of(
                streaming,
                small.start(() -> smallJobs.allAtOnce(jobs)),
                small.start(() -> slowJobs.allAtOnce(slowClients))));
        if (steadyPerSecond > 0) {
            all.add(small.start(() -> steadyJobs.steadily(vertx, steadyPerSecond, streaming::isComplete)));
        }
        Loop.await(Future.join(all).mapEmpty());
    }

    private Jobs kind(String label, Content content, long bytes, Http http) {
        int first = switch (label) {
            case "large" -> 900_000;
            case "slow" -> 800_000;
            case "steady" -> 400_000;
            default -> 0;
        };
        return new Jobs(
                label,
                bytes,
                number -> new V1Transfer(http, tally, token, run, first + number, content.file(first + number, bytes)),
                tally);
    }

    private void climb(Vertx vertx, Optional<ServerProcess> server, List<Report.Step> steps) {
        int possible = Math.min(ramp, OpenFiles.connectionsMax());
        if (possible < ramp) {
            System.err.println("stress: 'ulimit -n' lets this process open only " + possible + " connections.");
        }
        Loop loop = Loop.of(vertx);
        Ramp connections = new Ramp(vertx, url, tally);
        loop.run(() -> connections.climb(
                possible,
                asked -> steps.add(
                        new Report.Step(asked, connections.open(), server.map(ServerProcess::rssMebibytes)))));
        loop.run(connections::close);
    }
}
