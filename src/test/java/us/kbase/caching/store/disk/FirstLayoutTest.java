package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;

/** A folder that an earlier version wrote: two levels of folders named by a hash of the key. */
class FirstLayoutTest {

    private static final int OBJECTS = 200;
    private static final Instant LAST_USE = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir
    Path root;

    private Vertx vertx;
    private final TreeSet<String> keys = new TreeSet<>();

    @BeforeEach
    void write() throws IOException {
        vertx = Vertx.vertx();
        try (DataFolder folder = DataFolder.open(root)) {
            DiskObjectStore store = new DiskObjectStore(vertx, folder, false);
            for (int i = 0; i < OBJECTS; i++) {
                String key = "%016x".formatted(i * 0x9e3779b97f4a7c15L).repeat(8);
                Await.result(store.put(
                        key,
                        new Body(ByteSource.of(Buffer.buffer("content of " + i)), 20),
                        Map.of("filename", "f"),
                        Guard.once(new Precondition.Absent())));
                Path now = Layout.file(folder, key);
                Files.setLastModifiedTime(now, FileTime.from(LAST_USE));
                Files.createDirectories(before(key).resolveSibling("."));
                Files.move(now, before(key));
                keys.add(key);
            }
        }
        Files.writeString(root.resolve("format"), "caching-service disk store 1\n");
    }

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    private Path before(String key) {
        String hash = "%04x".formatted((key.hashCode() * 0x9e3779b9) >>> 16);
        return root.resolve("objects")
                .resolve(hash.substring(0, 2))
                .resolve(hash.substring(2))
                .resolve(key);
    }

    private void everythingIsThere(DataFolder folder) {
        DiskObjectStore store = new DiskObjectStore(vertx, folder, false);
        List<String> listed = new ArrayList<>(Await.result(store.list("", 1000)).keys());
        assertEquals(List.copyOf(keys), listed);
        for (String key : keys) {
            assertTrue(Await.result(store.head(key)).isPresent());
            assertEquals(
                    LAST_USE.getEpochSecond() / 86_400,
                    Await.result(store.upkeep().lastUsed(key)).getAsLong());
        }
    }

    @Test
    void isLedOn() throws IOException {
        try (DataFolder folder = DataFolder.open(root)) {
            everythingIsThere(folder);
            assertEquals("caching-service disk store 2\n", Files.readString(root.resolve("format")));
            assertFalse(Files.exists(root.resolve("objects")));
        }
    }

    /** Killed in the middle: some objects are here and some there. */
    @Test
    void isLedOnFromWhereThatWasStopped() throws IOException {
        DataFolder.open(root).close();
        for (String key : List.copyOf(keys).subList(50, 150)) {
            Files.createDirectories(before(key).resolveSibling("."));
            Files.move(root.resolve("entries").resolve(key.substring(0, 3)).resolve(key), before(key));
        }
        try (DataFolder folder = DataFolder.open(root)) {
            everythingIsThere(folder);
        }
    }

    @Test
    void losesNothingThatIsNoneOfOurs() throws IOException {
        Path notes = before(keys.first()).resolveSibling("notes of an operator");
        Files.writeString(notes, "notes");
        Files.writeString(root.resolve("objects/readme"), "read me");
        try (DataFolder folder = DataFolder.open(root)) {
            everythingIsThere(folder);
        }
        assertEquals("notes", Files.readString(notes));
        assertEquals("read me", Files.readString(root.resolve("objects/readme")));
    }
}
