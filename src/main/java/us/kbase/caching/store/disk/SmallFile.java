package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file of one line that is replaced whole: a crash leaves the old line or the new one. Blocking. */
final class SmallFile {

    private SmallFile() {}

    /** Replaces the file; when this returns the disk knows of it. */
    static void replace(Path file, String line) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ObjectFile.writeFully(channel, ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            Durability.FSYNC.keep(channel);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durability.FSYNC.keep(file.resolveSibling(".").normalize());
    }
}
