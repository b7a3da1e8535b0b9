package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FaultProxy;
import us.kbase.caching.testing.FaultTally;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;

/**
 * A flipped bit or a cut between the gateway and a real S3 server, in either direction: what is published is what was sent, and a
 * download is never whole with other bytes. Runs {@code -Dflips=10000 -Dflips.sites=20} on demand, the flips of a server shared out among
 * so many gateways at once, since most of a flip's time is spent in pauses; {@code -Dflips.seed} with the same numbers repeats a run.
 */
class FlippedOnTheWireIT {

    private static final int FLIPS = Integer.getInteger("flips", 60);
    private static final long SEED = Long.getLong("flips.seed", 52);
    private static final FaultTally TALLY = new FaultTally(FlippedOnTheWireIT.class);
    private static final int SITES_EACH = Integer.getInteger("flips.sites", 1);
    private static final List<Site> SITES = new ArrayList<>();
    private static Vertx vertx;

    /** A gateway on a bucket of its own behind a proxy. */
    private record Site(S3Servers.Server server, int number, FaultProxy proxy, Gateway gateway, JobClient client) {
        @Override
        public String toString() {
            return server + " " + number;
        }

        Random random(long seed) {
            return new Random(seed * 1009 + number);
        }

        String id() {
            return client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        }

        int put(String id, byte[] content, boolean known) {
            BodyPublisher body = known
                    ? BodyPublishers.ofByteArray(content)
                    : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(content));
            return client.send(client.request("/cache/" + id).PUT(body)).status();
        }
    }

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        for (S3Servers.Server server : S3Servers.all()) {
            for (int number = 0; number < SITES_EACH; number++) {
                SITES.add(site(server, number));
            }
        }
    }

    private static Site site(S3Servers.Server server, int number) {
        S3Connection bucket = server.bucket();
        FaultProxy proxy = FaultProxy.before(vertx, bucket.endpoint());
        Gateway gateway = Await.result(
                Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(proxy.through(bucket)))));
        Site site = new Site(server, number, proxy, gateway, new JobClient(gateway.port(), JobClient.TOKEN));
        // A first lease waits for the probe of conditional writes, whose own writes would meet the faults.
        assertEquals(201, site.client().ask(site.id(), new JsonObject()).status());
        return site;
    }

    @AfterAll
    static void stop() {
        SITES.forEach(site -> {
            site.client().close();
            Await.result(site.gateway().close());
            site.proxy().close();
        });
        Await.result(vertx.close());
        TALLY.print();
    }

    static Stream<S3Servers.Server> servers() {
        return SITES.stream().map(Site::server).distinct();
    }

    /** Small ones mostly; some go in parts. */
    private static byte[] content(Random random) {
        int bytes = random.nextInt(12) == 0 ? (5 << 20) + random.nextInt(3 << 20) : random.nextInt(200_000);
        byte[] content = new byte[1 + bytes];
        random.nextBytes(content);
        return content;
    }

    /** All the sites of a server at once, each with its share of the flips; what they counted, in all. */
    private static int onEach(S3Servers.Server server, ToIntBiFunction<Site, Integer> flips) {
        List<Site> sites =
                SITES.stream().filter(site -> site.server() == server).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return sites.stream()
                    .map(site -> CompletableFuture.supplyAsync(
                            () -> flips.applyAsInt(site, Math.ceilDiv(FLIPS, sites.size())), threads))
                    .toList()
                    .stream()
                    .mapToInt(CompletableFuture::join)
                    .sum();
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void onTheWayToTheServer(S3Servers.Server server) {
        int refused = onEach(server, FlippedOnTheWireIT::toTheServer);

        System.out.println(server + ": " + FLIPS + " flips on the way to it, seed " + SEED + ", refused " + refused);
        assertTrue(refused < FLIPS, "what is in memory is sent again");
    }

    private static int toTheServer(Site site, int runs) {
        Random random = site.random(SEED);
        int refused = 0;
        for (int run = 0; run < runs; run++) {
            byte[] content = content(random);
            String id = site.id();
            int hits = site.proxy().injected();
            site.proxy()
                    .once(
                            "^PUT (?!.*tagging)",
                            random.nextInt(5) == 0
                                    ? new FaultProxy.Fault.CutRequest(random.nextInt(content.length))
                                    : new FaultProxy.Fault.FlipRequest(random.nextLong(content.length * 8L)));
            int status = site.put(id, content, random.nextBoolean());
            site.proxy().heal();
            String how = site + ", seed " + SEED + ", run " + run + ": " + status;
            assertEquals(hits + 1, site.proxy().injected(), how);
            TALLY.injected(1);
            if (status == 200) {
                assertArrayEquals(content, site.client().download(id).body(), how);
                TALLY.verified(content.length);
            } else {
                refused++;
                TALLY.refused();
                assertEquals(503, status, how);
                assertEquals(404, site.client().download(id).status(), how);
            }
        }
        return refused;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void onTheWayFromTheServer(S3Servers.Server server) {
        int cut = onEach(server, FlippedOnTheWireIT::fromTheServer);

        System.out.println(server + ": " + FLIPS + " flips on the way from it, seed " + SEED + ", " + cut
                + " downloads broken off, none told as whole with other bytes");
        assertTrue(cut > FLIPS / 2, "a flip in the first answer is seen");
    }

    private static int fromTheServer(Site site, int runs) {
        Random random = site.random(SEED + 1);
        int told = 0;
        for (int run = 0; run < runs; run++) {
            byte[] content = content(random);
            String id = site.id();
            assertEquals(200, site.put(id, content, random.nextBoolean()));
            site.proxy().once("^GET ", new FaultProxy.Fault.FlipReply(random.nextLong(content.length * 8L)));
            try {
                JobClient.Reply reply = site.client().download(id);
                // One whose first answer was too slow is read again, behind the flip, and is right.
                assertTrue(
                        reply.status() != 200 || Arrays.equals(content, reply.body()),
                        site + ", seed " + SEED + ", run " + run);
                told += reply.status() == 200 ? 0 : 1;
            } catch (UncheckedIOException cut) {
                told++;
                TALLY.refused();
            } finally {
                site.proxy().heal();
            }
            assertArrayEquals(content, site.client().download(id).body());
            TALLY.injected(1);
            TALLY.verified(content.length);
        }
        return told;
    }
}
