package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.store.Stored;

/** An object being written into a temporary file, made with the first bytes. Blocking: worker threads only, one at a time. */
final class DiskWriter {

    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private @Nullable FileChannel file;
    private final CRC32C crc = new CRC32C();
    private int[] checksums = new int[16];
    private long length;

    DiskWriter(Path path) {
        this.path = path;
    }

    private FileChannel file() throws IOException {
        FileChannel open = file;
        if (open == null) {
            open = FileChannel.open(path, CREATE, OWNER_ONLY);
            file = open;
        }
        return open;
    }

    long length() {
        return length;
    }

    Path path() {
        return path;
    }

    void write(ByteBuffer chunk) throws IOException {
        ObjectFile.writeFully(file(), chunk.duplicate());
        while (chunk.hasRemaining()) {
            int inBlock = (int) (length % ObjectFile.BLOCK_BYTES);
            int count = Math.min(chunk.remaining(), ObjectFile.BLOCK_BYTES - inBlock);
            crc.update(chunk.slice(chunk.position(), count));
            chunk.position(chunk.position() + count);
            length += count;
            if (length % ObjectFile.BLOCK_BYTES == 0) {
                closeBlock();
            }
        }
    }

    private void closeBlock() {
        int index = Math.toIntExact(ObjectFile.blocks(length)) - 1;
        if (index >= checksums.length) {
            checksums = Arrays.copyOf(checksums, checksums.length * 2);
        }
        checksums[index] = (int) crc.getValue();
        crc.reset();
    }

    void finish(Stored stored, Durability durability) throws IOException {
        if (length % ObjectFile.BLOCK_BYTES != 0) {
            closeBlock();
        }
        try (FileChannel whole = file()) {
            ObjectFile.writeTrailer(
                    whole, stored, Arrays.copyOf(checksums, Math.toIntExact(ObjectFile.blocks(length))));
            durability.keep(whole);
        }
    }

    void discard() throws IOException {
        FileChannel open = file;
        if (open != null) {
            try (open) {
                Files.deleteIfExists(path); // first: closing may fail, and the file must not stay
            }
        }
    }
}
