package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;

/** A copy of the folder as docs/install.md says, made while the gateway is at work, is the store again. */
class LiveCopyTest {

    private static final int KEPT = 200;
    private static final int WORKERS = 3;
    private static final int CONTENT_BYTES_MAX = 100_000;

    @TempDir
    Path folder;

    /** What was uploaded, and is left alone, by its id. */
    private final Map<String, String> kept = new ConcurrentHashMap<>();

    /** Every content that any upload of an id ever had. */
    private final Map<String, List<String>> ever = new ConcurrentHashMap<>();

    private final AtomicBoolean copied = new AtomicBoolean();
    private final AtomicInteger changes = new AtomicInteger();

    private static Gateway on(Path data) {
        return Await.result(Gateway.start(
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(data, false))));
    }

    private static String content(Random random) {
        char letter = (char) ('a' + random.nextInt(26));
        return Character.toString(letter).repeat(1 + random.nextInt(CONTENT_BYTES_MAX));
    }

    private String upload(JobClient client, String job, String content) {
        String id = client.cacheId(new JsonObject().put("job", job));
        ever.merge(
                id,
                List.of(content),
                (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
        assertEquals(200, client.upload(id, content).status());
        return id;
    }

    /** Uploads, replaces and deletes until the copy is made. */
    private void change(int port, int worker) {
        Random random = new Random(worker);
        try (JobClient client = new JobClient(port, JobClient.TOKEN)) {
            while (!copied.get()) {
                String id = upload(client, "changed " + worker + " " + random.nextInt(20), content(random));
                if (random.nextBoolean()) {
                    assertEquals(200, client.delete(id).status());
                }
                changes.incrementAndGet();
            }
        }
    }

    /** Gives whether nothing vanished under it: either end is good. */
    private static boolean copy(Path from, Path to) throws IOException, InterruptedException {
        Files.createDirectory(to);
        Process cp = new ProcessBuilder(
                        "sh",
                        "-c",
                        "cd \"$0\" && exec cp -a entries fencing format \"$1\"",
                        from.toString(),
                        to.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(cp.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = cp.waitFor();
        assertTrue(code == 0 || code == 1, code + ": " + said);
        assertTrue(said.lines().allMatch(line -> line.contains("No such file")), said);
        return code == 0;
    }

    @Test
    void whatWasAcknowledgedBeforeItIsWholeAndNothingIsHalf()
            throws IOException, InterruptedException, ExecutionException {
        Path copy = folder.resolve("copy");
        Gateway gateway = on(folder.resolve("data"));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Random random = new Random(7);
            for (int job = 0; job < KEPT; job++) {
                String content = content(random);
                kept.put(upload(client, "kept " + job, content), content);
            }
            List<Future<?>> workers = IntStream.range(0, WORKERS)
                    .<Future<?>>mapToObj(worker -> threads.submit(() -> change(gateway.port(), worker)))
                    .toList();
            Await.until("changes", () -> changes.get() > WORKERS);
            int before = changes.get();
            System.out.println("Copied while " + (copy(folder.resolve("data"), copy) ? "nothing" : "something")
                    + " vanished, under " + (changes.get() - before) + " changes");
            copied.set(true);
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            Await.result(gateway.close());
        }
        assertIsWhole(copy);
    }

    private void assertIsWhole(Path copy) {
        Gateway restored = on(copy);
        try (JobClient client = new JobClient(restored.port(), JobClient.TOKEN)) {
            kept.forEach((id, content) -> assertTrue(content.equals(text(client.download(id))), id));
            ever.forEach((id, contents) -> {
                JobClient.Reply reply = client.download(id);
                assertTrue(
                        reply.status() == 404 || reply.status() == 200 && contents.contains(text(reply)),
                        id + ": " + reply.status() + ", " + reply.body().length + " bytes");
            });
            assertFalse(Files.exists(copy.resolve("damaged")), "nothing was found damaged");
        } finally {
            Await.result(restored.close());
        }
    }

    private static String text(JobClient.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
