package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
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
    private final Optional<RunningDigest> another;
    private int[] checksums = new int[16];
    private long length;

    /** Bytes whose block was not closed yet. */
    private int openBytes;

    /** A file that keeps nothing but the checksums of its blocks, and what they combine to. */
    DiskWriter(Path path) {
        this(path, DigestAlgorithm.CRC32C);
    }

    /** The same with a digest of the whole by that algorithm. */
    DiskWriter(Path path, DigestAlgorithm algorithm) {
        this.path = path;
        this.another = Optional.of(algorithm)
                .filter(other -> other != DigestAlgorithm.CRC32C)
                .map(RunningDigest::of);
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
        another.ifPresent(digest -> digest.update(chunk.duplicate()));
        while (chunk.hasRemaining()) {
            int inBlock = (int) (length % ObjectFile.BLOCK_BYTES);
            int count = Math.min(chunk.remaining(), ObjectFile.BLOCK_BYTES - inBlock);
            crc.update(chunk.slice(chunk.position(), count));
            chunk.position(chunk.position() + count);
            length += count;
            openBytes += count;
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
        openBytes = 0;
    }

    /** The digests of all that was written; nothing may be written behind it. */
    List<Digest> digests() {
        closeLastBlock();
        List<Digest> digests = new ArrayList<>();
        digests.add(ContentDigests.combined(checksums, Math.toIntExact(ObjectFile.blocks(length)), length));
        another.ifPresent(digest -> digests.add(digest.digest()));
        return digests;
    }

    private void closeLastBlock() {
        if (openBytes > 0) {
            closeBlock();
        }
    }

    void finish(Stored stored, Durability durability) throws IOException {
        closeLastBlock();
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
