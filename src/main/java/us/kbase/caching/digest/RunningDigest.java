package us.kbase.caching.digest;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import us.kbase.caching.stream.Chunk;

/** A digest of bytes that are still coming. One thread at a time. */
public interface RunningDigest {

    /** Takes all that remains of the bytes. */
    void update(ByteBuffer bytes);

    /** Takes a chunk, which stays its owner's. */
    default void update(Buffer chunk) {
        update(Chunk.view(chunk));
    }

    /** The digest of all that came; to be asked once, at the end. */
    Digest digest();

    /** Begins one. */
    static RunningDigest of(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32C -> of(algorithm, new CRC32C());
            case CRC64NVME -> of(algorithm, new Crc64Nvme());
            case MD5, SHA_256, SHA_512 -> of(algorithm, hash(algorithm));
        };
    }

    private static RunningDigest of(DigestAlgorithm algorithm, Checksum checksum) {
        return new RunningDigest() {
            @Override
            public void update(ByteBuffer bytes) {
                checksum.update(bytes);
            }

            @Override
            public Digest digest() {
                return Digest.ofChecksum(algorithm, checksum.getValue());
            }
        };
    }

    private static RunningDigest of(DigestAlgorithm algorithm, MessageDigest hash) {
        return new RunningDigest() {
            @Override
            public void update(ByteBuffer bytes) {
                hash.update(bytes);
            }

            @Override
            public Digest digest() {
                return Digest.of(algorithm, hash.digest());
            }
        };
    }

    private static MessageDigest hash(DigestAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.token().toUpperCase(Locale.ROOT));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has " + algorithm.token(), impossible);
        }
    }
}
