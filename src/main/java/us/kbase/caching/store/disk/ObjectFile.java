package us.kbase.caching.store.disk;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import us.kbase.caching.store.Stored;

/**
 * The format of an object's file: content, then a trailer that a crash or a bad disk cannot fake. Layout after the content:
 * one CRC32C per MiB of content (int each), the description as JSON, and a footer of 24 bytes: content length (long), length
 * of the description (int), CRC32C of the trailer before the footer (int), magic (long). Big endian.
 */
final class ObjectFile {

    static final int BLOCK_BYTES = 1 << 20;
    private static final int FOOTER_BYTES = 24;
    private static final int DESCRIPTION_BYTES_MAX = 64 * 1024;
    private static final long MAGIC = 0x4b42434143484531L; // "KBCACHE1"

    private ObjectFile() {}

    /** An object's description and the checksums of its blocks. */
    record Trailer(Stored stored, int[] blockChecksums) {}

    static int blocks(long contentBytes) {
        return Math.toIntExact((contentBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    static void writeTrailer(FileChannel file, Stored stored, int[] blockChecksums) throws IOException {
        JsonObject description = new JsonObject().put("key", stored.key()).put("etag", stored.etag());
        description.put("metadata", new JsonObject(new TreeMap<>(stored.metadata())));
        byte[] text = description.encode().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(blockChecksums.length * Integer.BYTES + text.length + FOOTER_BYTES);
        for (int checksum : blockChecksums) {
            out.putInt(checksum);
        }
        out.put(text);
        int checksum = crc(out.array(), out.position());
        out.putLong(stored.lengthBytes()).putInt(text.length).putInt(checksum).putLong(MAGIC);
        writeFully(file, out.flip());
    }

    /** Reads and checks the trailer; a torn or foreign file is an {@link IOException}. */
    static Trailer readTrailer(FileChannel file) throws IOException {
        long size = file.size();
        ByteBuffer footer = readFully(file, size - FOOTER_BYTES, FOOTER_BYTES);
        long length = footer.getLong();
        int textBytes = footer.getInt();
        int checksum = footer.getInt();
        boolean plausible = footer.getLong() == MAGIC && textBytes >= 0 && textBytes <= DESCRIPTION_BYTES_MAX;
        if (!plausible || length < 0 || length > size) {
            throw new IOException("not an object file, or torn");
        }
        int checksumBytes = blocks(length) * Integer.BYTES;
        if (length + checksumBytes + textBytes + FOOTER_BYTES != size) {
            throw new IOException("the file's length does not agree with its trailer");
        }
        ByteBuffer trailer = readFully(file, length, checksumBytes + textBytes);
        if (crc(trailer.array(), trailer.limit()) != checksum) {
            throw new IOException("the trailer's checksum is wrong");
        }
        int[] blockChecksums = new int[blocks(length)];
        for (int i = 0; i < blockChecksums.length; i++) {
            blockChecksums[i] = trailer.getInt();
        }
        JsonObject description =
                new JsonObject(new String(trailer.array(), checksumBytes, textBytes, StandardCharsets.UTF_8));
        Map<String, String> metadata = new TreeMap<>();
        description.getJsonObject("metadata").forEach(e -> metadata.put(e.getKey(), (String) e.getValue()));
        Stored stored = new Stored(description.getString("key"), description.getString("etag"), length, metadata);
        return new Trailer(stored, blockChecksums);
    }

    static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    static ByteBuffer readFully(FileChannel file, long position, int count) throws IOException {
        if (position < 0) {
            throw new IOException("the file is too short");
        }
        ByteBuffer out = ByteBuffer.allocate(count);
        while (out.hasRemaining()) {
            if (file.read(out, position + out.position()) < 0) {
                throw new IOException("the file ends early");
            }
        }
        return out.flip();
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
