package us.kbase.caching.stress.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** The folder in which a comparison keeps its servers' data. */
public final class Folder {

    private Folder() {}

    /** Makes a new folder below this one, which goes with the program. */
    public static Path temporary(Cleanup cleanup, Path below) {
        try {
            Files.createDirectories(below);
            Path folder = Files.createTempDirectory(below, "compare-");
            cleanup.later(() -> delete(folder));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many bytes can still be written there. */
    public static long freeBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the file system has written what it holds, so that no round pays for the one before. */
    public static void sync(Path folder) {
        Child.run(List.of("sync", "-f", folder.toString()));
    }

    /** Removes a folder with all that is in it; others may remove parts of it meanwhile. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    try {
                        Files.deleteIfExists(visited);
                    } catch (java.nio.file.DirectoryNotEmptyException filledMeanwhile) {
                        return FileVisitResult.CONTINUE;
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
