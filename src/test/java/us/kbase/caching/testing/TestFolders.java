package us.kbase.caching.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Folders that more than one test class uses, or none can delete by itself: they go when the JVM ends. */
public final class TestFolders {

    private static final Queue<Path> MADE = new ConcurrentLinkedQueue<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> MADE.forEach(TestFolders::delete)));
    }

    private TestFolders() {}

    /** An empty one. */
    public static Path create(String prefix) {
        Path folder = createToKeep(prefix);
        MADE.add(folder);
        return folder;
    }

    /** An empty one, which its maker deletes. */
    static Path createToKeep(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException | UncheckedIOException e) {
            System.out.println("left behind: " + folder + ": " + e.getMessage());
        }
    }
}
