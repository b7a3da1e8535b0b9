package us.kbase.caching.stress.siege;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.compare.Minio;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.Folder;
import us.kbase.caching.stress.siege.attack.Attacks;

/** Attacks a gateway while calm users work beside, and tells whether it held. */
@Command(
        name = "siege",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts MinIO behind a proxy that answers late and amiss, an auth stand-in and the gateway, on free ports of the",
            "loopback interface; attacks the gateway while calm users work beside; and tells whether it held.",
            "Exit code 0 only when every promise was kept. Everything it started is gone when it ends.",
            "Attacks: heads, methods, json, pipeline, unwanted, slow-heads, slow-bodies, slow-readers, junk-tokens, quadratic,",
            "senders-110, senders-1000, readers-110, readers-1000, uploads-64k, uploads-300k, uploads-4m, short-forms,",
            "leavers, oddities, slow-listings, huge-errors, slowdown."
        })
public final class SiegeCommand implements Callable<Integer> {

    private static final int AT_ONCE = 6;
    private static final double LONG_MINUTES = 10;

    @Option(names = "--minutes", defaultValue = "20", description = "Of attacks (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--only", split = ",", paramLabel = "ATTACK", description = "These attacks only, all the time.")
    private List<String> only = List.of();

    @Option(
            names = "--at-once",
            description = "So many attacks at once, by turns (default: 6, or all of those that --only names).")
    private Integer atOnce;

    @Option(names = "--heap", defaultValue = "96m", description = "The gateway's heap (default: ${DEFAULT-VALUE}).")
    private String heap;

    @Option(names = "--seed", description = "The same seed attacks in the same way (default: another each time).")
    private Long seed;

    @Option(
            names = "--s3-late",
            split = ",",
            paramLabel = "MILLIS",
            description =
                    "Each S3 call is answered so late, of several by turns (default: 0, 500, 2000 and 30000; 0 with"
                            + " --only).")
    private List<Long> lateMillis = List.of();

    @Option(
            names = "--warm-up-seconds",
            description = "Of calm that is not measured, first (default: an eighth of the siege, 10 to 60).")
    private Long warmUpSeconds;

    @Option(
            names = "--calm-seconds",
            defaultValue = "20",
            description = "Of calm before, for each delay of S3 (default: ${DEFAULT-VALUE}).")
    private long calmSeconds;

    @Option(
            names = "--settle-seconds",
            defaultValue = "120",
            description = "Afterwards, at most, until nothing may be left over (default: ${DEFAULT-VALUE}).")
    private long settleSeconds;

    @Option(
            names = "--work",
            paramLabel = "FOLDER",
            description = "Where the servers keep their data meanwhile (default: stress/target).")
    private Path work;

    /** Vert.x logs each connection that the gateway resets, and resetting attackers is what it should do. */
    private static final Logger VERTX_LOG = Logger.getLogger("io.vertx");

    @Override
    public Integer call() throws IOException {
        VERTX_LOG.setLevel(Level.OFF);
        List<String> unknown = new ArrayList<>(only);
        unknown.removeAll(Attacks.NAMES);
        Optional<Path> minio = Minio.find("minio");
        if (!unknown.isEmpty() || minio.isEmpty()) {
            System.err.println(
                    unknown.isEmpty()
                            ? "siege: 'minio' is neither in ~/.cache/caching-service/bin nor on the PATH."
                            : "siege: no such attacks: " + unknown + "; there are " + Attacks.NAMES + ".");
            return 2;
        }
        Siege.Plan plan = plan();
        Path home = Path.of(System.getProperty("stress.home", "stress")).toAbsolutePath();
        Path below = work == null ? home.resolve("target") : work.toAbsolutePath();
        System.err.println("siege: seed " + plan.seed() + ", S3 late by " + plan.lateMillis() + " ms");
        try (Cleanup cleanup = new Cleanup()) {
            Path folder = Folder.temporary(cleanup, below);
            Vertx vertx = Loop.vertx();
            cleanup.later(() -> Loop.await(vertx.close()));
            Path launcher = home.resolveSibling("caching-service");
            Child.run(List.of(launcher.toString(), "--version")); // builds it, for which no start waits
            Servers servers = Servers.start(cleanup, vertx, folder, minio.get(), launcher, heap, plan.seed());
            Siege siege = new Siege(plan, vertx, servers);
            Verdict verdict = Verdict.of(siege.run());
            String died = servers.alive()
                    ? ""
                    : "\nIt ended under: " + siege.lastRunning() + ". Its log ends with:\n"
                            + servers.gateway().child().logEnd() + "\n";
            String text = String.join(
                    "\n",
                    verdict.markdown(),
                    Lines.stretches(siege.stretches()),
                    Lines.attacks(siege.attacks()) + died);
            Files.copy(
                    folder.resolve("gateway/gateway.log"),
                    home.resolve("target/siege-gateway.log"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(home.resolve("target/siege.md"), text);
            System.out.print(text);
            System.out.println(verdict.held() ? "The gateway held." : "The gateway did not hold.");
            return verdict.held() ? 0 : 1;
        }
    }

    private Siege.Plan plan() {
        boolean all = only.isEmpty();
        long chosenSeed = seed == null ? new Random().nextInt(1_000_000) : seed;
        List<String> attacks = all ? Attacks.NAMES : List.copyOf(only);
        int count = atOnce != null ? atOnce : all ? AT_ONCE : attacks.size();
        long seconds = Math.round(60 * minutes);
        long warmUp = warmUpSeconds != null ? warmUpSeconds : Math.clamp(seconds / 8, 10, 60);
        return new Siege.Plan(
                seconds,
                warmUp,
                calmSeconds,
                settleSeconds,
                attacks,
                count,
                lateness(all),
                Heap.mebibytes(heap),
                chosenSeed);
    }

    /** Half of the time the store is not late. The calm beside which 30 s can be judged takes minutes: for long sieges only. */
    private List<Long> lateness(boolean all) {
        if (!lateMillis.isEmpty()) {
            return lateMillis;
        }
        if (!all) {
            return List.of(0L);
        }
        return minutes >= LONG_MINUTES
                ? List.of(0L, 0L, 0L, 0L, 500L, 500L, 2_000L, 30_000L)
                : List.of(0L, 0L, 0L, 500L, 500L, 2_000L);
    }
}
