package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may open the folder of a disk store, and what opening does. */
class DataFolderTest {

    @TempDir
    Path root;

    private String refusal() {
        return assertThrows(IOException.class, () -> DataFolder.open(root)).getMessage();
    }

    /** The folder's owner in another process: says when it owns the folder, and keeps it until it is ended. */
    static final class Owner {
        public static void main(String[] arguments) throws IOException {
            DataFolder folder = DataFolder.open(Path.of(arguments[0]));
            System.out.println("owned");
            int ended = System.in.read();
            folder.close();
            System.exit(ended < 0 ? 0 : 1);
        }
    }

    @Test
    void isMadeWithItsVersion() throws IOException {
        try (DataFolder folder = DataFolder.open(root.resolve("a/b"))) {
            assertEquals(
                    "caching-service disk store 2\n",
                    Files.readString(folder.root().resolve("format")));
        }
    }

    @Test
    void canBeOpenedAgainAfterItWasClosed() throws IOException {
        DataFolder.open(root).close();
        DataFolder.open(root).close();
    }

    @Test
    void thatAnotherProcessOwnsIsRefusedUntilThatOneEnds() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = owner.inputReader()) {
            assertEquals("owned", output.readLine());
            assertEquals(
                    "The data folder " + root + " is in use by another caching-service; stop it first.", refusal());
            owner.getOutputStream().close();
            assertTrue(owner.waitFor(20, TimeUnit.SECONDS));
            DataFolder.open(root).close();
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void thatThisProcessOwnsIsRefusedToo() throws IOException {
        try (DataFolder owned = DataFolder.open(root)) {
            assertEquals(
                    "The data folder " + owned.root() + " is in use by another caching-service; stop it first.",
                    refusal());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"caching-service disk store 3\n", "\u00ff\u00fe", "caching-service disk store 2\nmore", "another"
            })
    void ofAnotherVersionIsRefusedAndNotOwned(String format) throws IOException {
        Files.createDirectories(root.resolve("tmp"));
        Path theirs = Files.writeString(root.resolve("tmp/theirs"), "theirs");
        Files.write(root.resolve("format"), format.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "The data folder " + root + " was written by another version of caching-service: start that one, or set"
                        + " store.disk.path (CACHING_STORE_DISK_PATH) to another folder.",
                refusal());
        assertTrue(Files.exists(theirs));
        Files.delete(root.resolve("format"));
        DataFolder.open(root).close();
    }

    /** A power cut at a first start: nothing is kept before the version is, so nothing can be lost. */
    @ParameterizedTest
    @ValueSource(strings = {"", "cach", "caching-service disk store ", "caching-service disk store 2", "\0\0\0\0"})
    void whoseVersionIsHalfWrittenIsMadeAgain(String half) throws IOException {
        Files.writeString(root.resolve("format"), half);
        try (DataFolder folder = DataFolder.open(root)) {
            assertEquals(
                    "caching-service disk store 2\n",
                    Files.readString(folder.root().resolve("format")));
        }
    }

    @Test
    void whoseVersionIsHalfWrittenBesideObjectsIsRefusedByName() throws IOException {
        Files.createDirectories(root.resolve("entries/abc"));
        Files.writeString(root.resolve("format"), "cach");
        assertEquals(
                "The file " + root.resolve("format") + " is cut off, though there are objects beside it; if they are of"
                        + " this version, it has to say: caching-service disk store 2",
                refusal());
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        try (DataFolder folder = DataFolder.open(root.resolve("new/data"))) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.root())));
        }
    }

    @Test
    void losesWhatACrashLeftInItAndNothingElse() throws IOException {
        Path object;
        try (DataFolder folder = DataFolder.open(root)) {
            object = Layout.made(folder, "key");
            Files.writeString(folder.temporary(), "half an upload");
        }
        try (DataFolder folder = DataFolder.open(root);
                var leftovers = Files.walk(folder.root().resolve("tmp")).filter(Files::isRegularFile)) {
            assertEquals(List.of(), leftovers.toList());
            assertTrue(Files.exists(object));
        }
    }

    @Test
    void startsThoughALeftoverCannotBeRemoved() throws IOException {
        Path stuck = root.resolve("tmp/0/folder/with");
        Files.createDirectories(stuck);
        DataFolder.open(root).close();
        assertTrue(Files.exists(stuck));
    }

    @Test
    void thatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        String message =
                assertThrows(IOException.class, () -> DataFolder.open(file)).getMessage();
        assertTrue(message.startsWith("The data folder " + file + " cannot be written: "), message);
    }
}
