package us.kbase.caching.store.disk;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ForwardPool;

/**
 * Reads a file's content, checking each block before its last bytes leave. A range that ends inside a block is checked to the
 * block's end, so that it is never ended well with wrong bytes.
 */
final class DiskSource implements ByteSource {

    private static final int CHUNK_BYTES = 128 * 1024;

    private final FileWork work;
    private final ObjectFiles objects;
    private final FileChannel file;
    private final Stored stored;
    private final int[] checksums;
    private final long length;
    private final long from;
    private final long to;
    private final CRC32C crc = new CRC32C();
    private long position;

    DiskSource(FileWork work, ObjectFiles objects, ObjectFiles.Opened opened, long from, long to) {
        this.work = work;
        this.objects = objects;
        this.file = opened.file();
        this.stored = opened.trailer().stored();
        this.checksums = opened.trailer().blockChecksums();
        this.length = stored.lengthBytes();
        this.from = from;
        this.to = to;
        this.position = from - from % ObjectFile.BLOCK_BYTES;
    }

    @Override
    public Future<Buffer> next() {
        return work.goOn(this::readOrSetAside);
    }

    /** Damage makes an object absent; a reader who was told of it already is cut. */
    private synchronized Buffer readOrSetAside() throws IOException {
        try {
            return read();
        } catch (DamagedFile damaged) {
            file.close();
            objects.damaged(stored, damaged.how());
            throw new Failure.NotFound();
        }
    }

    private Buffer read() throws IOException {
        while (position < to) {
            long start = position;
            Buffer bytes = checkedChunk();
            if (position > from) {
                checkToEndOfBlock(bytes);
                int skip = (int) Math.max(0, from - start);
                int end = (int) Math.min(bytes.length(), to - start);
                return bytes.slice(skip, end);
            }
            Chunk.release(bytes);
        }
        file.close();
        return END;
    }

    /** Reads on behind the last wanted bytes, which are released where their block is damaged. */
    private void checkToEndOfBlock(Buffer wanted) throws IOException {
        try {
            while (position >= to && position < length && position % ObjectFile.BLOCK_BYTES != 0) {
                Chunk.release(checkedChunk());
            }
        } catch (IOException | RuntimeException broken) {
            Chunk.release(wanted);
            throw broken;
        }
    }

    /** The next bytes, within one block. */
    private Buffer checkedChunk() throws IOException {
        long blockEnd = position - position % ObjectFile.BLOCK_BYTES + ObjectFile.BLOCK_BYTES;
        ByteBuf memory = ForwardPool.next((int) Math.min(CHUNK_BYTES, length - position));
        try {
            int count = (int) Math.min(memory.capacity(), Math.min(blockEnd, length) - position);
            ByteBuffer bytes = memory.nioBuffer(0, count);
            ObjectFile.readFully(file, position, bytes);
            check(bytes.flip(), position);
            position += count;
            return BufferInternal.buffer(memory.writerIndex(count));
        } catch (IOException | RuntimeException broken) {
            memory.release();
            throw broken;
        }
    }

    private void check(ByteBuffer bytes, long start) throws DamagedFile {
        long end = start + bytes.remaining();
        crc.update(bytes);
        if (end % ObjectFile.BLOCK_BYTES == 0 || end == length) {
            if ((int) crc.getValue() != checksums[(int) (start / ObjectFile.BLOCK_BYTES)]) {
                throw wrongBlock(start / ObjectFile.BLOCK_BYTES * ObjectFile.BLOCK_BYTES);
            }
            crc.reset();
        }
    }

    static DamagedFile wrongBlock(long atByte) {
        return new DamagedFile("a checksum is wrong in the MiB at byte " + atByte);
    }

    @Override
    public void cancel() {
        work.goOn(this::close).onFailure(DiskObjectStore::logCleanup);
    }

    private synchronized Boolean close() throws IOException {
        file.close();
        return true;
    }
}
