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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.store.Stored;

/**
 * An object being written into a temporary file. What is short is held until it is whole, and written with its trailer at once; a file is
 * made with the first bytes that are more. Blocking, but for {@link #hold}: one thread at a time.
 */
final class DiskWriter {

    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Of the heap, and less than what each upload has paid for. */
    private static final int HELD_BYTES_MAX = 4096;

    private final Path path;
    private @Nullable FileChannel file;
    private @Nullable Stored sealed;
    private final CRC32C crc = new CRC32C();
    private final Optional<RunningDigest> another;
    private byte[] held = {};
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

    /** Keeps a copy of a chunk while all there is so far is short; whether it did. Never blocks. */
    boolean hold(ByteBuffer chunk) {
        if (length != held.length || held.length + chunk.remaining() > HELD_BYTES_MAX) {
            return false;
        }
        int before = held.length;
        held = Arrays.copyOf(held, before + chunk.remaining());
        chunk.duplicate().get(held, before, chunk.remaining());
        take(chunk);
        return true;
    }

    /** Whether there is no file yet. */
    boolean isHeld() {
        return file == null;
    }

    void write(ByteBuffer chunk) throws IOException {
        ObjectFile.writeFully(file(), unwritten());
        ObjectFile.writeFully(file(), chunk.duplicate());
        take(chunk);
    }

    private ByteBuffer unwritten() {
        ByteBuffer bytes = ByteBuffer.wrap(held);
        held = new byte[0];
        return bytes;
    }

    private void take(ByteBuffer chunk) {
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

    /** The object, written to its end the first time that it is asked for; nothing may be written behind it. */
    Stored sealed(String key, Map<String, String> metadata, Durability durability) throws IOException {
        Stored whole = sealed;
        if (whole == null) {
            closeLastBlock();
            whole = new Stored(key, "\"" + UUID.randomUUID() + "\"", length, metadata, digests());
            finish(whole, durability);
            sealed = whole;
        }
        return whole;
    }

    private List<Digest> digests() {
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

    private void finish(Stored stored, Durability durability) throws IOException {
        try (FileChannel whole = file()) {
            ObjectFile.writeEnd(
                    whole, unwritten(), stored, Arrays.copyOf(checksums, Math.toIntExact(ObjectFile.blocks(length))));
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
