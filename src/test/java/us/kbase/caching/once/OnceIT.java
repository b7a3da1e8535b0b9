package us.kbase.caching.once;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.S3Servers;

/**
 * Computed once, whoever dies. The long form: {@code mvn verify -Dit.test=OnceIT -Donce.seconds=600 -Donce.workers=200
 * -Donce.jobs=50}.
 */
class OnceIT {

    /** On a machine that is busy with something else few jobs are done, and none of them may meet. */
    private static final int RUNS_MAX = 3;

    /** Lifetime of a lease, and five seconds. */
    private static final long GRACE_MILLIS = (OnceWorkers.TTL_SECONDS + 5) * 1000L;

    private S3Servers.Server server;

    @BeforeEach
    void findServer() {
        Optional<S3Servers.Server> found = S3Servers.minio();
        assumeTrue(found.isPresent(), "no MinIO on this machine");
        server = found.get();
    }

    @Test
    void everyResultIsPublishedOnceWhileGatewaysAndWorkersDie(@TempDir Path folder) throws Exception {
        OnceRun.Plan plan = new OnceRun.Plan(
                Integer.getInteger("once.seconds", 20),
                Integer.getInteger("once.workers", 80),
                Integer.getInteger("once.jobs", 20),
                "fenced",
                Long.getLong("once.seed", System.nanoTime()));
        OnceRun.History run = OnceRun.history(plan, folder, server);
        List<Event> history = run.events();
        System.out.println(plan + " " + summary(history));
        Files.write(
                Path.of("target/once-history"),
                history.stream().map(Event::line).toList());
        assertTrue(count(history, Event.Kind.PUBLISHED) > 0, "nothing was published");
        assertTrue(count(history, Event.Kind.REFUSED) > 0, "no lease was ever lost, so nothing was tried");
        assertEquals(List.of(), HistoryCheck.violations(run, GRACE_MILLIS));
    }

    private List<String> violationsWithoutFencing(Path folder) throws Exception {
        OnceRun.Plan plan = new OnceRun.Plan(10, 60, 40, "unfenced", System.nanoTime());
        OnceRun.History run = OnceRun.history(plan, Files.createDirectory(folder), server);
        System.out.println(plan + " " + summary(run.events()));
        List<String> wrong = HistoryCheck.violations(run, GRACE_MILLIS);
        System.out.println("Without fencing: " + wrong.size() + " violations, the first: "
                + wrong.stream().findFirst());
        return wrong;
    }

    @Test
    void withoutFencingTheSameHistoryIsFoundWrong(@TempDir Path folder) throws Exception {
        List<String> wrong = List.of();
        for (int run = 0; run < RUNS_MAX && wrong.isEmpty(); run++) {
            wrong = violationsWithoutFencing(folder.resolve("run" + run));
        }
        assertTrue(wrong.stream().anyMatch(sentence -> sentence.contains("more than one result")), "found " + wrong);
    }

    /** P5; by {@code ip netns}, and so on Linux by root only. */
    @Test
    void everyResultIsPublishedOnceWhileTheClusterIsPartedOneAgainstTwo(@TempDir Path folder) throws Exception {
        assumeTrue(Namespaces.possible(), "network namespaces cannot be made here");
        OnceRun.Plan plan = new OnceRun.Plan(
                Integer.getInteger("once.parted.seconds", 35),
                80,
                20,
                "fenced",
                Long.getLong("once.seed", System.nanoTime()));
        OnceRun.History run;
        try (Namespaces hosts = Namespaces.create(3)) {
            run = OnceRun.parted(plan, folder, server, hosts);
        }
        System.out.println("Parted: " + plan + " " + summary(run.events()));
        assertTrue(count(run.events(), Event.Kind.PUBLISHED) > 0, "nothing was published");
        assertEquals(List.of(), HistoryCheck.violations(run, GRACE_MILLIS));
    }

    private static long count(List<Event> history, Event.Kind kind) {
        return history.stream().filter(event -> event.kind() == kind).count();
    }

    private static String summary(List<Event> history) {
        return history.stream()
                .collect(Collectors.groupingBy(Event::kind, java.util.TreeMap::new, Collectors.counting()))
                .toString();
    }
}
