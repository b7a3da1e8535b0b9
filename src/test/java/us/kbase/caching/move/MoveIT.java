package us.kbase.caching.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;

/**
 * A cache moves from MinIO to versitygw while jobs go on: the processes that an operator starts, in the order of docs/move.md. No request
 * fails, and what was uploaded before, between and after is there at the end, byte for byte.
 */
class MoveIT {

    private static final String TOKEN = "a-token-of-the-test";
    private static final int BEFORE = 60;
    private static final int WORKERS = 4;
    private static final int LARGE_BYTES = 12 << 20;
    private static final int SMALL_BYTES_MAX = 60_000;

    @TempDir
    private Path folder;

    private final List<ServiceProcess> processes = new ArrayList<>();
    private final Map<String, String> digestById = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray rounds = new AtomicIntegerArray(WORKERS);

    @AfterEach
    void end() {
        processes.forEach(ServiceProcess::close);
    }

    private static Map<String, String> at(String prefix, S3Connection bucket) {
        return Map.of(
                prefix + "_TYPE", "s3",
                prefix + "_S3_ENDPOINT", bucket.endpoint().toString(),
                prefix + "_S3_BUCKET", bucket.bucket(),
                prefix + "_S3_ACCESS_KEY", bucket.accessKey(),
                prefix + "_S3_SECRET_KEY", bucket.secretKey().reveal());
    }

    @SafeVarargs
    private static Map<String, String> environment(Map<String, String>... stores) {
        Map<String, String> all = new HashMap<>(Map.of(
                "CACHING_HTTP_LOOPS", "1",
                "CACHING_METRICS_PORT", "off",
                "CACHING_AUTH_TOKENS", TOKEN + ":alice"));
        for (Map<String, String> store : stores) {
            all.putAll(store);
        }
        return all;
    }

    private ServiceProcess serve(Map<String, String> environment) {
        ServiceProcess started = ServiceProcess.start(folder, environment, "serve");
        processes.add(started);
        return started;
    }

    private List<ServiceProcess> serveTwo(Map<String, String> environment) {
        List<ServiceProcess> two = List.of(serve(environment), serve(environment));
        two.forEach(each -> Await.until("to be ready", () -> ServiceProcess.answers(each.port(), "/readyz")));
        return two;
    }

    /** Tells them to stop, which lets what they accepted end. */
    private static void stop(List<ServiceProcess> gateways) {
        gateways.forEach(each -> each.signal("TERM"));
        gateways.forEach(each -> assertEquals(0, each.ended().code()));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Two gateways behind a balancer, to which clients are switched at once. */
    private static final class Balancer {
        private final AtomicReference<List<JobClient>> clients = new AtomicReference<>(List.of());
        private final AtomicInteger turn = new AtomicInteger();

        void to(List<ServiceProcess> gateways) {
            clients.set(gateways.stream()
                    .map(gateway -> new JobClient(gateway.port(), TOKEN))
                    .toList());
        }

        JobClient next() {
            List<JobClient> now = clients.get();
            return now.get(turn.getAndIncrement() % now.size());
        }
    }

    private void expect(int status, JobClient.Reply reply, String what) {
        if (reply.status() != status) {
            wrong.add(what + ": " + reply.status() + " " + new String(reply.body()));
        }
    }

    private void same(String id, JobClient.Reply reply, String what) {
        expect(200, reply, what);
        if (reply.status() == 200 && !sha256(reply.body()).equals(digestById.get(id))) {
            wrong.add(what + ": other bytes");
        }
    }

    private String upload(Balancer balancer, byte[] content) {
        String id = balancer.next()
                .cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        replace(balancer, id, content);
        return id;
    }

    private void replace(Balancer balancer, String id, byte[] content) {
        digestById.put(id, sha256(content));
        JobClient client = balancer.next();
        expect(
                200,
                client.send(
                        client.request("/cache/" + id + "?filename=r.bin").PUT(BodyPublishers.ofByteArray(content))),
                "upload of " + id);
    }

    private static byte[] content(Random random) {
        byte[] content = new byte[random.nextInt(40) == 0 ? LARGE_BYTES : 1 + random.nextInt(SMALL_BYTES_MAX)];
        random.nextBytes(content);
        return content;
    }

    /** Jobs of one worker until they are told to stop, each call at the gateway that is next. */
    private void work(Balancer balancer, int worker, AtomicReference<Boolean> stopped, List<String> own) {
        Random random = new Random(worker);
        while (!stopped.get()) {
            rounds.incrementAndGet(worker);
            String id = upload(balancer, content(random));
            same(id, balancer.next().download(id), "a fresh result");
            own.add(id);
            String before = own.get(random.nextInt(own.size()));
            switch (random.nextInt(4)) {
                case 0 -> replace(balancer, before, content(random));
                case 1 -> {
                    expect(200, balancer.next().delete(before), "removal");
                    digestById.remove(before);
                    own.remove(before);
                    expect(404, balancer.next().download(before), "of what was removed");
                }
                default -> same(before, balancer.next().download(before), "an older result");
            }
        }
    }

    /** Each has ended the job that it was at, and another one. */
    private void everyWorkerGoesOn() {
        List<Integer> now = IntStream.range(0, WORKERS).mapToObj(rounds::get).toList();
        Await.until(
                "two more jobs of each worker",
                () -> !wrong.isEmpty()
                        || IntStream.range(0, WORKERS).allMatch(worker -> rounds.get(worker) > now.get(worker) + 1));
    }

    private JsonObject move(Map<String, String> environment) {
        ServiceProcess.Ended ended = ServiceProcess.run(folder, environment, "move", "--json");
        assertTrue(ended.code() <= 1, ended.out() + ended.err());
        JsonObject report = new JsonObject(ended.out());
        assertEquals(0, report.getLong("damaged"), ended.out() + ended.err());
        return report;
    }

    @Test
    void noRequestFailsAndNothingIsLost() throws InterruptedException {
        assumeTrue(
                S3Servers.minio().isPresent() && S3Servers.versitygw().isPresent(), "MinIO and versitygw are needed");
        S3Connection old = S3Servers.minio().orElseThrow().bucket();
        S3Connection other = S3Servers.versitygw().orElseThrow().bucket();
        Map<String, String> onOld = environment(at("CACHING_STORE", old));
        Map<String, String> moving = environment(at("CACHING_STORE", other), at("CACHING_PREVIOUS", old));
        Map<String, String> onNew = environment(at("CACHING_STORE", other));

        Balancer balancer = new Balancer();
        List<ServiceProcess> first = serveTwo(onOld);
        balancer.to(first);
        Random random = new Random(62);
        List<List<String>> ids = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            List<String> own = new ArrayList<>();
            for (int i = 0; i < BEFORE / WORKERS; i++) {
                own.add(upload(balancer, content(random)));
            }
            ids.add(own);
        }

        AtomicReference<Boolean> stopped = new AtomicReference<>(false);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int worker = i;
            workers.add(Thread.ofVirtual().start(() -> {
                try {
                    work(balancer, worker, stopped, ids.get(worker));
                } catch (RuntimeException failed) {
                    wrong.add(failed.toString());
                }
            }));
        }

        List<ServiceProcess> second = serveTwo(moving);
        balancer.to(second);
        everyWorkerGoesOn();
        stop(first);
        ServiceProcess killed = ServiceProcess.start(folder, moving, "move");
        processes.add(killed);
        everyWorkerGoesOn();
        killed.close();
        processes.remove(killed);
        move(moving);
        everyWorkerGoesOn();
        move(moving); // what changed while it was looked at
        JsonObject last = move(moving);
        assertEquals(0, last.getLong("copied"), last.encode());
        assertEquals(0, last.getLong("failed"), last.encode());

        List<ServiceProcess> third = serveTwo(onNew);
        balancer.to(third);
        everyWorkerGoesOn();
        stop(second);
        stopped.set(true);
        for (Thread worker : workers) {
            worker.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
        assertTrue(digestById.size() > BEFORE / 2, digestById.size() + " results");
        digestById.keySet().forEach(id -> same(id, balancer.next().download(id), "at the end, " + id));
        assertEquals(List.of(), List.copyOf(wrong));
    }
}
