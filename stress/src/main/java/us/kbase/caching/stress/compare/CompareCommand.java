package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.Folder;

/** Starts the gateway and its peers, and prints how they compare. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts MinIO, nginx and tusd (where they are installed) and the gateway on free ports of the loopback interface,",
            "lets them take turns, and prints ratios. Everything it started is gone when it ends.",
            "A short run: compare --large-bytes 134217728 --rounds 2 --warm-bytes 268435456 --warm-batches 2",
            "Rows: upload, tusd, download, jobs, calls, medium, fairness, crowd, stall, disk-jobs, disk-files, disk-copy, cold,",
            "rss, idle, start, checksums."
        })
public final class CompareCommand implements Callable<Integer> {

    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    static {
        ROWS.put("upload", LargeFiles::uploads);
        ROWS.put("tusd", LargeFiles::besideTusd);
        ROWS.put("download", LargeFiles::downloads);
        ROWS.put("jobs", ManyFiles::jobs);
        ROWS.put("calls", CallsOfJobs::counted);
        ROWS.put("medium", ManyFiles::mediumUploads);
        ROWS.put("fairness", Fairness::smallBesideLarge);
        ROWS.put("crowd", Fairness::smallBesideCrowd);
        ROWS.put("stall", StalledStore::bytesTaken);
        ROWS.put("disk-jobs", ManyFiles::embeddedJobs);
        ROWS.put("disk-files", DiskFiles::besideNginx);
        ROWS.put("disk-copy", DiskCopy::uploads);
        ROWS.put("cold", ManyFiles::coldStart);
        ROWS.put("rss", Memory::peaks);
        ROWS.put("idle", Memory::idleConnections);
        ROWS.put("start", StartUp::firstAnswer);
        ROWS.put("checksums", Checksums::uploads);
    }

    @Option(names = "--only", split = ",", paramLabel = "ROW", description = "Measures these rows only.")
    private List<String> only = List.copyOf(ROWS.keySet());

    @Option(names = "--rounds", defaultValue = "5", description = "Interleaved rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--large-bytes",
            defaultValue = "1073741824",
            description = "Length of a large file (default: ${DEFAULT-VALUE}).")
    private long largeBytes;

    @Option(names = "--crowd", defaultValue = "10", description = "Large files at once (default: ${DEFAULT-VALUE}).")
    private int crowd;

    @Option(
            names = "--warm-bytes",
            defaultValue = "3221225472",
            description = "Warm-up, each way (default: ${DEFAULT-VALUE}).")
    private long warmBytes;

    @Option(names = "--jobs", defaultValue = "1000", description = "Small jobs at once (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--warm-batches",
            defaultValue = "10",
            description = "Warm-up, times all jobs (default: ${DEFAULT-VALUE}).")
    private int warmBatches;

    @Option(
            names = "--medium-uploads",
            defaultValue = "1000",
            description = "Uploads of 4 MiB at once (default: ${DEFAULT-VALUE}).")
    private int mediumUploads;

    @Option(names = "--idle", defaultValue = "10000", description = "Idle connections (default: ${DEFAULT-VALUE}).")
    private int idle;

    @Option(
            names = "--steady",
            defaultValue = "20",
            description = "Small jobs per second beside large files (default: ${DEFAULT-VALUE}).")
    private double steadyPerSecond;

    @Option(
            names = "--before",
            paramLabel = "FOLDER",
            description = {
                "Another checkout, whose gateway takes turns with this one's in the rows upload, download, jobs,",
                "medium, rss and checksums. Both have the same default configuration."
            })
    private Path before;

    @Option(
            names = "--work",
            paramLabel = "FOLDER",
            description = "Where the servers keep their data meanwhile (default: stress/target).")
    private Path work;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the table goes too (default: stress/target/compare.md).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Set<String> unknown = new TreeSet<>(only);
        unknown.removeAll(ROWS.keySet());
        if (!unknown.isEmpty()) {
            System.err.println("compare: no such rows: " + unknown + "; there are " + ROWS.keySet() + ".");
            return 2;
        }
        Path home = Path.of(System.getProperty("stress.home", "stress"));
        Path launcher = home.resolveSibling("caching-service");
        Optional<Build> earlier = Optional.ofNullable(before).map(Build::before);
        if (earlier.isPresent() && !Files.isExecutable(earlier.get().launcher())) {
            System.err.println("compare: --before names no checkout: there is no program "
                    + earlier.get().launcher() + ".");
            return 2;
        }
        Plan plan = new Plan(
                rounds, largeBytes, crowd, warmBytes, jobs, warmBatches, mediumUploads, 4 << 20, idle, steadyPerSecond);
        Optional<Path> minio = Minio.find("minio");
        if (minio.isEmpty()) {
            System.err.println("compare: 'minio' is neither in ~/.cache/caching-service/bin nor on the PATH.");
            return 2;
        }
        Path below = work == null ? home.resolve("target") : work;
        Files.createDirectories(below);
        if (Folder.freeBytes(below) < plan.diskBytes()) {
            System.err.printf(
                    "compare: needs %d GiB of disk in %s, %d GiB are free; --large-bytes, --crowd, --medium-uploads need less.%n",
                    plan.diskBytes() >> 30, below, Folder.freeBytes(below) >> 30);
            return 2;
        }
        Optional<Path> nginx = Minio.find("nginx");
        String machine = Machine.describe(launcher, minio.get(), nginx); // builds the gateway, too
        earlier.ifPresent(build -> Child.run(List.of(build.launcher().toString(), "--version"))); // and the other one
        System.err.println(machine);
        try (Cleanup cleanup = new Cleanup()) {
            Path folder = Folder.temporary(cleanup, below.toAbsolutePath());
            Minio store = Minio.start(cleanup, minio.get(), folder);
            Peers peers = new Peers(
                    store,
                    nginx.map(program -> Nginx.start(cleanup, program, folder, store.endpoint())),
                    Minio.find("tusd").map(program -> Tusd.start(cleanup, program, folder, store.endpoint())));
            Results results = new Results();
            boolean all = measure(new Bench(cleanup, folder, Build.measured(launcher), earlier, plan, peers), results);
            String text = machine + "\n\n" + results.table();
            Files.writeString(out == null ? home.resolve("target/compare.md") : out, text);
            System.out.print(text);
            return all ? 0 : 1;
        }
    }

    /** A row that fails does not stop the others. */
    private boolean measure(Bench bench, Results results) {
        boolean all = true;
        for (Map.Entry<String, Row> row : ROWS.entrySet()) {
            if (!only.contains(row.getKey())) {
                continue;
            }
            System.err.println("  " + row.getKey());
            try {
                row.getValue().measure(bench, results);
            } catch (RuntimeException e) {
                all = false;
                results.add(row.getKey(), "–", "FAILED", "–", String.valueOf(e.getMessage()));
            }
            Child.pause(500);
        }
        return all;
    }
}
