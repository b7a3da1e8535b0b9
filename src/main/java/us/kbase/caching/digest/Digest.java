package us.kbase.caching.digest;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * What an algorithm gave for some bytes.
 *
 * @param base64 the digest's bytes in Base64 with padding (RFC 4648 section 4): equal digests have equal texts
 */
public record Digest(DigestAlgorithm algorithm, String base64) {

    /** A digest of these bytes, which must be as many as the algorithm gives. */
    public static Digest of(DigestAlgorithm algorithm, byte[] bytes) {
        if (bytes.length != algorithm.bytes()) {
            throw new IllegalArgumentException(bytes.length + " bytes are no digest by " + algorithm.token());
        }
        return new Digest(algorithm, Base64.getEncoder().encodeToString(bytes));
    }

    /** A checksum's value, big endian as S3 and HTTP write it. */
    public static Digest ofChecksum(DigestAlgorithm algorithm, long value) {
        byte[] eight = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        byte[] bytes = new byte[algorithm.bytes()];
        System.arraycopy(eight, eight.length - bytes.length, bytes, 0, bytes.length);
        return of(algorithm, bytes);
    }

    /** Reads a digest in Base64; nothing if the text is none of this algorithm's length. */
    public static Optional<Digest> parse(DigestAlgorithm algorithm, String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == algorithm.bytes() ? Optional.of(of(algorithm, bytes)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** A checksum's value; its highest bits are 0 where it has less than 64. */
    public long checksum() {
        long value = 0;
        for (byte one : Base64.getDecoder().decode(base64)) {
            value = value << Byte.SIZE | (one & 0xffL);
        }
        return value;
    }

    /** A member of a dictionary of HTTP, {@code crc32c=:BASE64:} (RFC 9530 section 2). */
    public String member() {
        return algorithm.token() + "=:" + base64 + ":";
    }

    @Override
    public String toString() {
        return member();
    }
}
