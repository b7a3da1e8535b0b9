package us.kbase.caching.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.store.s3.UploadsOfKey;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;

/** The gateway as a process that is told to stop, killed, or out of file descriptors, while clients send. */
class ProcessLifeIT {

    private static final String TOKEN = "a-token-of-the-test";
    private static final int PIPE_BYTES = 64 << 10;
    private static final int LOG_LINE_BYTES_MIN = 60;
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";
    private static final int FILE_BYTES = 9 << 20;
    private static final byte[] FILE = new byte[FILE_BYTES];

    private static Vertx vertx;
    private static final Map<Store, S3Connection> BUCKETS = new EnumMap<>(Store.class);

    @TempDir
    Path folder;

    enum Store {
        DISK,
        MINIO,
        VERSITYGW
    }

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        S3Servers.minio().ifPresent(server -> BUCKETS.put(Store.MINIO, server.bucket()));
        S3Servers.versitygw().ifPresent(server -> BUCKETS.put(Store.VERSITYGW, server.bucket()));
        new Random(1).nextBytes(FILE);
    }

    @AfterAll
    static void stop() {
        Await.result(vertx.close());
    }

    private Map<String, String> environment(Store store) throws IOException {
        Files.writeString(folder.resolve("tokens.yaml"), "auth:\n  tokens:\n    " + TOKEN + ": alice\n");
        Map<String, String> environment = new HashMap<>(Map.of("CACHING_HTTP_LOOPS", "1"));
        if (store != Store.DISK) {
            assumeTrue(BUCKETS.containsKey(store), "no " + store + " on this machine");
            S3Connection server = BUCKETS.get(store);
            environment.put("MINIO_HOST", server.endpoint().getAuthority());
            environment.put("MINIO_BUCKET_NAME", server.bucket());
            environment.put("MINIO_ACCESS_KEY", server.accessKey());
            environment.put("MINIO_SECRET_KEY", server.secretKey().reveal());
        }
        return environment;
    }

    private ServiceProcess serve(Map<String, String> environment, String... before) {
        return ServiceProcess.start(folder, environment, List.of(before), "serve", "--config", "tokens.yaml");
    }

    private static RawConnection begin(int port, String id) {
        return new RawConnection(port)
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + TOKEN + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                        + (HEAD.length() + FILE_BYTES + TAIL.length()) + "\r\n\r\n" + HEAD);
    }

    private static void nobodyIsAccepted(int port) {
        Await.until("the port to be closed", () -> {
            try (RawConnection connection = new RawConnection(port)) {
                return connection
                        .send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
                        .head()
                        .isEmpty();
            } catch (UncheckedIOException refused) {
                return true;
            }
        });
    }

    private static List<String> uploadsOf(String id) {
        return new UploadsOfKey(vertx, BUCKETS.get(Store.MINIO)).of(id);
    }

    private List<Path> temporaryFiles() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder.resolve("data/tmp"))) {
            for (Path one : folders.toList()) {
                try (Stream<Path> files = Files.list(one)) {
                    files.forEach(found::add);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String id(JobClient client, String job) {
        return client.cacheId(new JsonObject().put("job", job));
    }

    private static String text(JobClient client, String id) {
        return new String(client.download(id).body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISK", "MINIO"})
    void toldToStopItLetsUploadsEndAndExitsWith0(Store store) throws IOException {
        try (ServiceProcess service = serve(environment(store))) {
            int port = service.port();
            JobClient client = new JobClient(port, TOKEN);
            List<RawConnection> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                uploads.add(begin(port, id(client, store + " stop " + i)).send(FILE, 0, FILE_BYTES / 2));
            }
            client.close();
            service.signal("TERM");
            nobodyIsAccepted(port);
            for (RawConnection upload : uploads) {
                upload.send(FILE, FILE_BYTES / 2, FILE_BYTES - FILE_BYTES / 2).send(TAIL);
                assertTrue(upload.head().startsWith("HTTP/1.1 200 "));
                upload.close();
            }
            assertEquals(0, service.ended().code());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DISK", "MINIO"})
    void whatHasNotEndedWhenTheGraceIsOverIsUndoneAndTheExitCodeIs0(Store store) throws IOException {
        Map<String, String> environment = environment(store);
        environment.put("CACHING_HTTP_STOP_SECONDS", "1");
        String id;
        try (ServiceProcess service = serve(environment)) {
            JobClient client = new JobClient(service.port(), TOKEN);
            id = id(client, store + " undone");
            assertEquals(200, client.upload(id, "old").status());
            client.close();
            try (RawConnection upload = begin(service.port(), id).send(FILE, 0, FILE_BYTES / 2)) {
                if (store == Store.MINIO) {
                    Await.until("the upload", () -> !uploadsOf(id).isEmpty());
                }
                service.signal("TERM");
                assertEquals(0, service.ended().code(), service.err());
                assertEquals("", upload.rest());
            }
        }
        if (store == Store.MINIO) {
            assertEquals(List.of(), uploadsOf(id));
        } else {
            assertEquals(List.of(), temporaryFiles());
        }
        try (ServiceProcess again = serve(environment)) {
            assertEquals("old", text(new JobClient(again.port(), TOKEN), id));
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws IOException {
        try (ServiceProcess service = serve(environment(Store.DISK))) {
            JobClient client = new JobClient(service.port(), TOKEN);
            try (RawConnection upload =
                    begin(service.port(), id(client, "twice")).send(FILE, 0, 1)) {
                service.signal("TERM");
                service.said(Pattern.compile("Stopping: "));
                nobodyIsAccepted(service.port());
                assertTrue(service.alive());
                service.signal("TERM");
                assertEquals(143, service.ended().code());
            }
            client.close();
        }
    }

    /** What was published again and again until the process was killed: its last word is known, and one more may have landed. */
    private static final class Replaced {
        private final String id;
        private final AtomicInteger acknowledged = new AtomicInteger();
        private volatile int sent;

        Replaced(String id) {
            this.id = id;
        }

        Thread start(JobClient client) {
            return Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        sent++;
                        if (client.upload(id, "version " + sent).status() == 200) {
                            acknowledged.set(sent);
                        }
                    }
                } catch (UncheckedIOException killed) {
                    // the process is gone
                }
            });
        }

        void isWhole(JobClient client) {
            String found = text(client, id);
            assertTrue(
                    IntStream.rangeClosed(Math.max(1, acknowledged.get()), sent)
                            .anyMatch(version -> found.equals("version " + version)),
                    () -> "'" + found + "' after " + acknowledged + " was acknowledged and " + sent + " was sent");
        }
    }

    /** Twenty times on disk, which starts quickly; more with {@code -Dkills=200}. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void killedInTheMiddleOfUploadsItStartsAgainWithTheOldContentWhole(Store store) throws Exception {
        long seed = Long.getLong("kills.seed", 3);
        Random random = new Random(seed);
        Map<String, String> environment = environment(store);
        List<String> kept = new ArrayList<>();
        List<Replaced> replaced = new ArrayList<>();
        int kills = Integer.getInteger("kills", store == Store.DISK ? 20 : 3);
        long looks = 0;
        for (int round = 0; round < kills; round++) {
            try (ServiceProcess service = serve(environment)) {
                JobClient client = new JobClient(service.port(), TOKEN);
                if (store == Store.DISK) {
                    // What the last round left is gone; the lease probe's own come and go.
                    Await.until("no temporary files", () -> temporaryFiles().isEmpty());
                }
                for (int i = 0; i < kept.size(); i++) {
                    assertEquals("old " + i, text(client, kept.get(i)));
                }
                replaced.forEach(entry -> entry.isWhole(client));
                String id = id(client, store + " killed " + round);
                assertEquals(200, client.upload(id, "old " + round).status());
                kept.add(id);
                looks += kept.size() + replaced.size();
                Replaced again = new Replaced(id(client, store + " replaced " + round));
                replaced.add(again);
                Thread replacing = again.start(client);
                int acknowledged = 1 + random.nextInt(20);
                try (RawConnection upload = begin(service.port(), id).send(FILE, 0, random.nextInt(FILE_BYTES))) {
                    Await.until("what is replaced", () -> again.acknowledged.get() >= acknowledged);
                    service.signal("KILL");
                    assertEquals(137, service.ended().code());
                }
                replacing.join();
                client.close();
            }
        }
        System.out.printf(
                "%s: killed %d times, seed %d; %d versions acknowledged, %d looks at what was acknowledged, nothing lost%n",
                store,
                kills,
                seed,
                replaced.stream().mapToInt(entry -> entry.acknowledged.get()).sum(),
                looks);
    }

    @Test
    void killedBetweenAPublishAndItsReplyItStartsAgainWithTheNewContentWhole() throws IOException {
        Map<String, String> environment = environment(Store.MINIO);
        String id;
        try (FaultProxy proxy =
                FaultProxy.before(vertx, BUCKETS.get(Store.MINIO).endpoint())) {
            Map<String, String> through = new HashMap<>(environment);
            through.put("MINIO_HOST", proxy.url().getAuthority());
            try (ServiceProcess service = serve(through);
                    JobClient client = new JobClient(service.port(), TOKEN)) {
                id = id(client, "published, and nobody told");
                proxy.once("^POST .*" + id + ".*uploadId=", new FaultProxy.Fault.StallReply(0));
                try (RawConnection upload =
                        begin(service.port(), id).send(FILE, 0, FILE_BYTES).send(TAIL)) {
                    Await.until(
                            "the publish",
                            () -> proxy.injected() == 1 && uploadsOf(id).isEmpty());
                    service.signal("KILL");
                    assertEquals(137, service.ended().code());
                    assertEquals("", upload.rest());
                }
            }
        }
        try (ServiceProcess again = serve(environment);
                JobClient client = new JobClient(again.port(), TOKEN)) {
            assertArrayEquals(FILE, client.download(id).body());
            assertEquals(200, client.upload(id, "sent again").status());
        }
    }

    @Test
    void outOfFileDescriptorsItWaitsWithoutSpinningAndRecovers() throws IOException {
        Map<String, String> environment = environment(Store.DISK);
        try (ServiceProcess service = serve(environment, "prlimit", "--nofile=256")) {
            int port = service.port();
            JobClient client = new JobClient(port, TOKEN);
            String id = id(client, "descriptors");
            List<RawConnection> many = new ArrayList<>();
            try (RawConnection running = begin(port, id).send(FILE, 0, FILE_BYTES / 2)) {
                for (int i = 0; i < 400; i++) {
                    many.add(new RawConnection(port));
                }
                Await.until("the descriptors to be used up", () -> descriptors(service.pid()) >= 250);
                double share = processorShare(service.pid(), 2_000_000_000L);
                assertTrue(share < 0.5, "used " + share + " of a processor");
                running.send(FILE, FILE_BYTES / 2, FILE_BYTES - FILE_BYTES / 2).send(TAIL);
                assertTrue(running.head().startsWith("HTTP/1.1 200 "));
            } finally {
                many.forEach(RawConnection::close);
            }
            long freed = System.nanoTime();
            try (RawConnection after = new RawConnection(port).send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")) {
                assertTrue(after.head().startsWith("HTTP/1.1 200 "));
            }
            assertTrue(System.nanoTime() - freed < 5_000_000_000L, "took longer than 5 s");
            assertFalse(client.download(id).body().length == 0);
            client.close();
        }
    }

    @Test
    void aLogThatNobodyReadsStopsNobody() throws IOException {
        Map<String, String> environment = environment(Store.DISK);
        Path log = folder.resolve("log");
        assertEquals(
                0,
                ServiceProcess.command(folder, environment, List.of("mkfifo", log.toString()))
                        .ended()
                        .code());
        List<String> command =
                List.of("sh", "-c", "exec \"$0\" serve --config tokens.yaml 2>log", ServiceProcess.LAUNCHER.toString());
        try (RandomAccessFile unread = new RandomAccessFile(log.toFile(), "rw");
                ServiceProcess service = ServiceProcess.command(folder, environment, command)) {
            JobClient client = new JobClient(service.port(), TOKEN);
            String id = id(client, "logged");
            assertEquals(200, client.upload(id, "result").status());
            for (int i = 0; i < 2 * PIPE_BYTES / LOG_LINE_BYTES_MIN; i++) {
                assertEquals("result", text(client, id));
            }
            assertFalse(unread.readLine().isEmpty(), "the log went where nobody read");
            client.close();
        }
    }

    private static long descriptors(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double processorShare(long pid, long nanos) {
        long began = System.nanoTime();
        long before = processorTicks(pid);
        Await.until("the time to measure", () -> System.nanoTime() - began >= nanos);
        return (processorTicks(pid) - before) / 100.0 / ((System.nanoTime() - began) / 1e9);
    }

    private static long processorTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
