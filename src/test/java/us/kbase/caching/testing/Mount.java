package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file system of a test's own, small enough to be filled; passes over a test where this user may not mount any. */
public final class Mount implements AutoCloseable {

    private final Path where;

    private Mount(Path where) {
        this.where = where;
    }

    /** A file system in memory of that many bytes. */
    public static Mount ofBytes(Path where, long bytes) {
        return mounted(where, "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs");
    }

    /** A file system in a file beside its place, which can fail as one on a disk does. */
    public static Mount ofImage(Path where, long bytes) {
        Path image = where.resolveSibling(where.getFileName() + ".img");
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assumeTrue(isRun("mkfs.ext4", "-q", "-F", image.toString()), "no ext4 file system can be made here");
        return mounted(where, "-o", "loop", image.toString());
    }

    /** One file in another's place. */
    public static Mount ofFile(Path file, Path where) {
        return mounted(where, "--bind", file.toString());
    }

    private static Mount mounted(Path where, String... options) {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(where.toString());
        assumeTrue(isRun(command.toArray(String[]::new)), "this user may not mount a file system here");
        return new Mount(where);
    }

    /** From now on nobody can write into it; nobody may have a file open to write. */
    public void readOnly() {
        remount("ro");
    }

    /** From now on nobody can write into it, whoever has files open: what ext4 does after a fault of its disk. */
    public void abort() {
        remount("abort");
    }

    private void remount(String how) {
        assertTrue(isRun("mount", "-o", "remount," + how, where.toString()));
    }

    /** Fills it to its last byte. */
    public void fill() throws IOException {
        Path filler = where.resolve("filler");
        byte[] block = new byte[64 * 1024];
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(where).getUsableSpace() != 0) {
                throw full;
            }
        }
    }

    /** Runs a command to its end; whether it is there and ended well. */
    public static boolean isRun(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean well = process.waitFor() == 0;
            if (!well) {
                System.err.println(List.of(command) + ": " + said.strip());
            }
            return well;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        assertTrue(isRun("umount", "-l", where.toString()));
    }
}
