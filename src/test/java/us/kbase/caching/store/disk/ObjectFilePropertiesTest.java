package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.Await;

/** No damage to an object's file is ever delivered as a whole object: not one bit, not one byte less or more. */
class ObjectFilePropertiesTest {

    private static final String KEY = "a".repeat(128);
    private static final Map<String, String> METADATA =
            Map.of("expiration", "1764426000", "filename", "reads.fa", "token_id", "static:alice");

    private static Vertx vertx;
    private static Path root;
    private static DataFolder folder;
    private static FileWork work;
    private static ObjectFiles objects;

    @BeforeContainer
    static void open() throws IOException {
        vertx = Vertx.vertx();
        root = Files.createTempDirectory("object-file");
        folder = DataFolder.open(root);
        work = new FileWork(vertx, root);
        Layout.of(folder).make(KEY);
        Path nowhere = Files.createFile(root.resolve("no-folder")); // each try damages the same file anew
        objects = new ObjectFiles(Layout.of(folder), new Quarantine(nowhere), Durability.LAZY);
    }

    @AfterContainer
    static void close() throws IOException {
        Await.result(vertx.close());
        folder.close();
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(ObjectFilePropertiesTest::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object's file with content of that length, as the store writes it. */
    private static byte[] written(byte[] content) throws IOException {
        DiskWriter writer = new DiskWriter(folder.temporary());
        if (!writer.hold(ByteBuffer.wrap(content))) {
            writer.write(ByteBuffer.wrap(content));
        }
        writer.sealed(KEY, METADATA, Durability.LAZY);
        byte[] file = Files.readAllBytes(writer.path());
        Files.delete(writer.path());
        return file;
    }

    private static byte[] content(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** What a reader of that file gets: everything, or a failure. */
    private static byte[] read(byte[] file) throws IOException {
        Path path = Layout.file(folder, KEY);
        Files.write(path, file);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            ObjectFile.Trailer trailer = ObjectFile.readTrailer(channel, KEY);
            assertEquals(METADATA, trailer.stored().metadata());
            long length = trailer.stored().lengthBytes();
            DiskSource source = new DiskSource(work, objects, new ObjectFiles.Opened(channel, trailer), 0, length);
            Buffer all = Buffer.buffer();
            while (all.length() < length) {
                Chunk.moveTo(all, now(source.next()));
            }
            return all.getBytes();
        } finally {
            channel.close();
        }
    }

    private static Buffer now(Future<Buffer> next) {
        try {
            return Await.result(next);
        } catch (AssertionError failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw failed;
        }
    }

    private static void isNeverWhole(byte[] damaged, String what) {
        assertThrows(Exception.class, () -> read(damaged), what);
    }

    @Example
    void everyBitOfASmallFileCounts() throws IOException {
        byte[] whole = written(content(1, 20));
        assertArrayEquals(content(1, 20), read(whole));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            isNeverWhole(damaged, "bit " + bit);
        }
    }

    @Example
    void everyCutOfASmallFileIsSeen() throws IOException {
        byte[] whole = written(content(2, 20));
        for (int length = 0; length < whole.length; length++) {
            isNeverWhole(Arrays.copyOf(whole, length), "cut to " + length);
        }
    }

    /** What a file system gives back for bytes that it never wrote. */
    @Example
    void zerosAtTheEndAreSeen() throws IOException {
        byte[] whole = written(content(3, 20));
        for (int from = 0; from < whole.length - 1; from++) {
            byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, from, zeroed.length, (byte) 0);
            isNeverWhole(zeroed, "zeros from " + from);
        }
    }

    @Property(tries = 60)
    void aBitAnywhereInALargeFileCounts(
            @ForAll long seed, @ForAll @IntRange(max = 3_200_000) int bytes, @ForAll @IntRange(max = 7) int bit)
            throws IOException {
        byte[] damaged = written(content(seed, bytes));
        int at = new Random(seed).nextInt(damaged.length);
        damaged[at] ^= (byte) (1 << bit);
        isNeverWhole(damaged, "byte " + at);
    }

    @Property(tries = 40)
    void aCutAnywhereInALargeFileIsSeen(@ForAll long seed, @ForAll @IntRange(max = 3_200_000) int bytes)
            throws IOException {
        byte[] whole = written(content(seed, bytes));
        int length = new Random(seed).nextInt(whole.length);
        isNeverWhole(Arrays.copyOf(whole, length), "cut to " + length);
        isNeverWhole(Arrays.copyOf(whole, whole.length + 1 + length % 100), "grown");
    }

    @Property(tries = 20)
    void anUndamagedFileIsReadWhole(@ForAll long seed, @ForAll @IntRange(max = 3_200_000) int bytes)
            throws IOException {
        assertArrayEquals(content(seed, bytes), read(written(content(seed, bytes))));
    }
}
