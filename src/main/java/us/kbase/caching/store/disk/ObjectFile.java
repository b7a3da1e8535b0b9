package us.kbase.caching.store.disk;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import us.kbase.caching.store.Stored;

/**
 * The format of an object's file: content, then a trailer that a crash or a bad disk cannot fake. Layout after the content:
 * one CRC32C per MiB of content (int each), the description as JSON ({@code key}, {@code etag}, {@code metadata}, and since 0052 {@code
 * digests} of the whole content), and a footer of 24 bytes: content length (long), length of the description (int), CRC32C of the
 * trailer before the footer (int), magic (long). Big endian.
 */
final class ObjectFile {

    static final int BLOCK_BYTES = 1 << 20;
    private static final int FOOTER_BYTES = 24;

    /** What is read first, from the end: all of a short object, the trailer of most. */
    private static final int TAIL_BYTES = 4096;

    private static final int DESCRIPTION_BYTES_MAX = 64 * 1024;
    private static final long MAGIC = 0x4b42434143484531L; // "KBCACHE1"

    private ObjectFile() {}

    /**
     * An object's description and the checksums of its blocks.
     *
     * @param content all of the content, not checked yet, where it came with the trailer
     */
    record Trailer(Stored stored, int[] blockChecksums, Optional<ByteBuffer> content) {}

    static long blocks(long contentBytes) {
        return Math.ceilDiv(contentBytes, (long) BLOCK_BYTES);
    }

    /** Writes the last of the content and the trailer, at once. */
    static void writeEnd(FileChannel file, ByteBuffer last, Stored stored, int[] blockChecksums) throws IOException {
        JsonObject description = new JsonObject().put("key", stored.key()).put("etag", stored.etag());
        description.put("metadata", new JsonObject(new TreeMap<>(stored.metadata())));
        ContentDigests.describe(description, stored.digests());
        byte[] text = description.encode().getBytes(StandardCharsets.UTF_8);
        int lastBytes = last.remaining();
        int trailerBytes = blockChecksums.length * Integer.BYTES + text.length + FOOTER_BYTES;
        ByteBuffer out = ByteBuffer.allocate(lastBytes + trailerBytes).put(last);
        for (int checksum : blockChecksums) {
            out.putInt(checksum);
        }
        out.put(text);
        int checksum = crc(out.slice(lastBytes, out.position() - lastBytes));
        out.putLong(stored.lengthBytes()).putInt(text.length).putInt(checksum).putLong(MAGIC);
        writeFully(file, out.flip());
    }

    /**
     * Reads and checks the trailer of the file that lies in a key's place.
     *
     * @throws DamagedFile when the file is torn, foreign, or another key's; any other exception is the disk's fault
     */
    static Trailer readTrailer(FileChannel file, String key) throws IOException {
        Trailer trailer = readTrailer(file);
        if (!trailer.stored().key().equals(key)) {
            throw new DamagedFile("it is the object of another key");
        }
        return trailer;
    }

    private static Trailer readTrailer(FileChannel file) throws IOException {
        long size = file.size();
        if (size < FOOTER_BYTES) {
            throw new DamagedFile("it is shorter than a footer: " + size + " bytes");
        }
        ByteBuffer tail = readFully(file, Math.max(0, size - TAIL_BYTES), (int) Math.min(size, TAIL_BYTES));
        ByteBuffer footer = tail.slice(tail.limit() - FOOTER_BYTES, FOOTER_BYTES);
        long length = footer.getLong();
        int textBytes = footer.getInt();
        int checksum = footer.getInt();
        boolean plausible = footer.getLong() == MAGIC && textBytes >= 0 && textBytes <= DESCRIPTION_BYTES_MAX;
        if (!plausible || length < 0 || length > size) {
            throw new DamagedFile("it does not end as an object does: foreign, or cut");
        }
        if (length + blocks(length) * Integer.BYTES + textBytes + FOOTER_BYTES != size) {
            throw new DamagedFile("its length does not agree with its trailer");
        }
        int checksumBytes = Math.toIntExact(blocks(length) * Integer.BYTES);
        int trailerBytes = checksumBytes + textBytes;
        int before = tail.limit() - FOOTER_BYTES - trailerBytes;
        ByteBuffer trailer = before >= 0 ? tail.slice(before, trailerBytes) : readFully(file, length, trailerBytes);
        if (crc(trailer.duplicate()) != checksum) {
            throw new DamagedFile("the checksum of its trailer is wrong");
        }
        int[] blockChecksums = new int[checksumBytes / Integer.BYTES];
        for (int i = 0; i < blockChecksums.length; i++) {
            blockChecksums[i] = trailer.getInt();
        }
        String text = new String(
                trailer.array(), trailer.arrayOffset() + trailer.position(), textBytes, StandardCharsets.UTF_8);
        return new Trailer(
                described(text, length, blockChecksums),
                blockChecksums,
                before == length ? Optional.of(tail.slice(0, before)) : Optional.empty());
    }

    private static Stored described(String text, long length, int[] blockChecksums) throws DamagedFile {
        try {
            JsonObject description = new JsonObject(text);
            Map<String, String> metadata = new TreeMap<>();
            description.getJsonObject("metadata").forEach(e -> metadata.put(e.getKey(), (String) e.getValue()));
            return new Stored(
                    description.getString("key"),
                    description.getString("etag"),
                    length,
                    metadata,
                    ContentDigests.described(description, blockChecksums, length));
        } catch (DecodeException | ClassCastException | NullPointerException notOurs) {
            throw new DamagedFile("its description is none of ours");
        }
    }

    static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    static ByteBuffer readFully(FileChannel file, long position, int count) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(count);
        readFully(file, position, out);
        return out.flip();
    }

    /** Fills all that is left of a buffer. */
    static void readFully(FileChannel file, long position, ByteBuffer out) throws IOException {
        int first = out.position();
        while (out.hasRemaining()) {
            if (file.read(out, position + out.position() - first) < 0) {
                throw new DamagedFile("it ends early");
            }
        }
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
