package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.Mount;

/** What lies in an object's place and is none is absent for every call, and in nobody else's way. */
class DamagedObjectsTest {

    @TempDir
    static Path root;

    private static Gateway gateway;
    private static JobClient client;
    private static JobClient administrator;
    private static int made;

    /** What can be found in an object's place. */
    enum Damage {
        EMPTY {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, new byte[0]);
            }
        },
        CUT_IN_ITS_TRAILER {
            @Override
            void to(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() - 1);
                }
            }
        },
        A_TURNED_BIT_IN_ITS_CONTENT {
            @Override
            void to(Path file) throws IOException {
                turn(file, 0);
            }
        },
        A_TURNED_BIT_IN_ITS_TRAILER {
            @Override
            void to(Path file) throws IOException {
                turn(file, Files.size(file) - 30);
            }
        },
        FOREIGN {
            @Override
            void to(Path file) throws IOException {
                Files.writeString(file, "notes of an operator, longer than any footer");
            }
        },
        ANOTHER_OBJECT {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.copy(fileOf(entry("another")), file);
            }
        },
        A_FOLDER {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.createDirectories(file.resolve("with/others"));
            }
        },
        A_PIPE {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                assertTrue(Mount.isRun("mkfifo", file.toString()));
            }
        },
        A_LOOP_OF_LINKS {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.createSymbolicLink(file, file.getFileName());
            }
        },
        NOT_TO_BE_READ {
            @Override
            void to(Path file) throws IOException {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
                assumeFalse(Files.isReadable(file), "this user may read everything");
            }
        };

        abstract void to(Path file) throws IOException;

        private static void turn(Path file, long at) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[(int) at] ^ 4)}), at);
            }
        }
    }

    /** What is asked of a damaged entry, and the status that an absent one has. */
    enum Call {
        GET(404) {
            @Override
            int status(String id) {
                return client.download(id).status();
            }
        },
        HEAD(404) {
            @Override
            int status(String id) {
                return client.send(client.request("/cache/" + id).method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .status();
            }
        },
        METADATA(404) {
            @Override
            int status(String id) {
                return client.send(client.request("/cache/" + id + "/metadata")).status();
            }
        },
        UPLOAD(404) {
            @Override
            int status(String id) {
                return client.upload(id, "new").status();
            }
        },
        DELETE(404) {
            @Override
            int status(String id) {
                return client.delete(id).status();
            }
        },
        LEASE(404) {
            @Override
            int status(String id) {
                return client.ask(id, new JsonObject().put("wait_seconds", 0)).status();
            }
        },
        RENEWAL(409) {
            @Override
            int status(String id) {
                return client.renew(id, "a-lease").status();
            }
        };

        private final int ofAnAbsentOne;

        Call(int ofAnAbsentOne) {
            this.ofAnAbsentOne = ofAnAbsentOne;
        }

        abstract int status(String id);
    }

    @BeforeAll
    static void start() {
        gateway = Await.result(Gateway.start(Configs.of(
                1,
                Map.of(JobClient.TOKEN, "alice", "administrator", "admin"),
                new GatewayConfig.Store.Disk(root, false))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        administrator = new JobClient(gateway.port(), "administrator");
    }

    /** The operator's part: what is kept aside is bounded. */
    @BeforeEach
    void clearUp() throws IOException {
        Path aside = root.resolve("damaged");
        if (Files.exists(aside)) {
            try (Stream<Path> all = Files.walk(aside)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        administrator.close();
        Await.result(gateway.close());
    }

    private static JsonObject params(String job) {
        return new JsonObject().put("job", job);
    }

    private static String entry(String job) {
        String id = client.cacheId(params(job));
        assertEquals(200, client.upload(id, "result of " + job).status());
        return id;
    }

    private static Path fileOf(String id) {
        return root.resolve("entries").resolve(id.substring(0, 3)).resolve(id);
    }

    private static String damaged(Damage damage) throws IOException {
        String id = entry(damage + " " + made++);
        damage.to(fileOf(id));
        return id;
    }

    static Stream<Arguments> everyCallOnEveryDamage() {
        return Stream.of(Damage.values())
                .flatMap(damage -> Stream.of(Call.values()).map(call -> Arguments.of(damage, call)));
    }

    /** Content is looked at when it is read, so until then only a reader finds a bit in it. */
    @ParameterizedTest
    @MethodSource("everyCallOnEveryDamage")
    void isAbsent(Damage damage, Call call) throws IOException {
        String id = damaged(damage);
        if (damage == Damage.A_TURNED_BIT_IN_ITS_CONTENT) {
            assertEquals(404, client.download(id).status());
        }
        assertEquals(call.ofAnAbsentOne, call.status(id));
        assertEquals(call.ofAnAbsentOne, call.status(id));
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void isMadeNewByWhoAsksForTheId(Damage damage) throws IOException {
        String job = "new again " + damage;
        String id = entry(job);
        damage.to(fileOf(id));
        if (damage == Damage.A_TURNED_BIT_IN_ITS_CONTENT) {
            assertEquals(404, client.download(id).status());
        }
        assertEquals(id, client.cacheId(params(job)));
        assertEquals(200, client.upload(id, "computed again").status());
        assertEquals("computed again", new String(client.download(id).body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void isToldOfOnceAndItsBytesAreKept(Damage damage) throws IOException {
        long before = aside();
        try (LogCapture log = new LogCapture()) {
            String id = damaged(damage);
            for (int i = 0; i < 3; i++) {
                assertEquals(404, client.download(id).status());
            }
            assertEquals(
                    1,
                    log.lines().stream()
                            .filter(line -> line.contains(id + " is damaged"))
                            .count());
        }
        assertEquals(before + 1, aside());
    }

    private static long aside() throws IOException {
        Path damaged = root.resolve("damaged");
        if (Files.notExists(damaged)) {
            return 0;
        }
        try (Stream<Path> kept = Files.list(damaged)) {
            return kept.count();
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void stopsNoListingAndNoSweep(Damage damage) throws IOException {
        String neighbour = entry("neighbour of " + damage);
        String id = damaged(damage);
        JsonArray listed =
                client.send(client.request("/cache?limit=1000")).json().getJsonArray("entries");
        assertTrue(listed.stream()
                .anyMatch(entry -> ((JsonObject) entry).getString("cache_id").equals(neighbour)));
        if (damage != Damage.A_TURNED_BIT_IN_ITS_CONTENT) {
            assertTrue(listed.stream()
                    .noneMatch(
                            entry -> ((JsonObject) entry).getString("cache_id").equals(id)));
        }
        damage.to(fileOf(entry("swept " + damage)));
        String summary = sweep();
        assertTrue(summary.contains("failed: 0"), summary);
    }

    private static String sweep() {
        assertEquals(
                202,
                administrator
                        .send(administrator.request("/expire").POST(HttpRequest.BodyPublishers.noBody()))
                        .status());
        JsonObject[] state = {new JsonObject()};
        Await.until("the sweep's end", () -> {
            state[0] = administrator.send(administrator.request("/expire")).json();
            return !state[0].getBoolean("running");
        });
        return state[0].getString("summary");
    }
}
