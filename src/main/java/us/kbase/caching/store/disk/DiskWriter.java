package us.kbase.caching.store.disk;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.store.Stored;

/** An object being written into a temporary file, made with the first bytes. Blocking: worker threads only, one at a time. */
final class DiskWriter {

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
            open = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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

    void write(Buffer chunk) throws IOException {
        byte[] bytes = chunk.getBytes();
        ObjectFile.writeFully(file(), ByteBuffer.wrap(bytes));
        int from = 0;
        while (from < bytes.length) {
            int inBlock = (int) (length % ObjectFile.BLOCK_BYTES);
            int count = Math.min(bytes.length - from, ObjectFile.BLOCK_BYTES - inBlock);
            crc.update(bytes, from, count);
            from += count;
            length += count;
            if (length % ObjectFile.BLOCK_BYTES == 0) {
                closeBlock();
            }
        }
    }

    private void closeBlock() {
        int index = ObjectFile.blocks(length) - 1;
        if (index >= checksums.length) {
            checksums = Arrays.copyOf(checksums, checksums.length * 2);
        }
        checksums[index] = (int) crc.getValue();
        crc.reset();
    }

    void finish(Stored stored, boolean fsync) throws IOException {
        if (length % ObjectFile.BLOCK_BYTES != 0) {
            closeBlock();
        }
        try (FileChannel whole = file()) {
            ObjectFile.writeTrailer(whole, stored, Arrays.copyOf(checksums, ObjectFile.blocks(length)));
            if (fsync) {
                whole.force(true);
            }
        }
    }

    void discard() throws IOException {
        FileChannel open = file;
        if (open != null) {
            open.close();
            Files.deleteIfExists(path);
        }
    }
}
