package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteSource;

/** Reads a file's content, checking each block before its last bytes leave. Reads whole blocks, so a range is checked too. */
final class DiskSource implements ByteSource {

    private static final int CHUNK_BYTES = 128 * 1024;

    private final Vertx vertx;
    private final FileChannel file;
    private final int[] checksums;
    private final long length;
    private final long from;
    private final long to;
    private final CRC32C crc = new CRC32C();
    private long position;

    DiskSource(Vertx vertx, FileChannel file, ObjectFile.Trailer trailer, long from, long to) {
        this.vertx = vertx;
        this.file = file;
        this.checksums = trailer.blockChecksums();
        this.length = trailer.stored().lengthBytes();
        this.from = from;
        this.to = to;
        this.position = from - from % ObjectFile.BLOCK_BYTES;
    }

    @Override
    public Future<Buffer> next() {
        return Blocking.run(vertx, this::read);
    }

    private synchronized Buffer read() throws IOException {
        while (position < to) {
            long start = position;
            int count = (int) Math.min(CHUNK_BYTES, length - position);
            ByteBuffer bytes = ObjectFile.readFully(file, start, count);
            check(bytes, start, count);
            position += count;
            if (position > from) {
                int skip = (int) Math.max(0, from - start);
                int end = (int) Math.min(count, to - start);
                return Buffer.buffer(bytes.array()).slice(skip, end);
            }
        }
        file.close();
        return END;
    }

    private void check(ByteBuffer bytes, long start, int count) {
        crc.update(bytes.array(), 0, count);
        long end = start + count;
        if (end % ObjectFile.BLOCK_BYTES == 0 || end == length) {
            if ((int) crc.getValue() != checksums[(int) (start / ObjectFile.BLOCK_BYTES)]) {
                throw new Failure.Upstream("The stored file is damaged", null);
            }
            crc.reset();
        }
    }

    @Override
    public void cancel() {
        Blocking.run(vertx, this::close).onFailure(DiskObjectStore::logCleanup);
    }

    private synchronized Boolean close() throws IOException {
        file.close();
        return true;
    }
}
