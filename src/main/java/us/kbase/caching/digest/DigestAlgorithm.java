package us.kbase.caching.digest;

import java.util.Arrays;
import java.util.Optional;

/**
 * The ways to digest bytes that are known here, by their names in HTTP (RFC 9530 section 7.2 and the registry that it founds; {@code
 * crc64nvme} is S3's name) and with the length of what they give. Every other name is somebody else's and is ignored.
 */
public enum DigestAlgorithm {
    /** The Castagnoli polynomial (RFC 9260 appendix A), an instruction of the processor. */
    CRC32C("crc32c", 4),
    /** The polynomial of the NVM Express command set; S3 computes no other for parts of AWS's own clients. */
    CRC64NVME("crc64nvme", 8),
    /** RFC 1321; only for {@code Content-MD5}. */
    MD5("md5", 16),
    /** FIPS 180-4. */
    SHA_256("sha-256", 32),
    /** FIPS 180-4. */
    SHA_512("sha-512", 64);

    private final String token;
    private final int bytes;

    DigestAlgorithm(String token, int bytes) {
        this.token = token;
        this.bytes = bytes;
    }

    /** The name in fields of HTTP, in lower case. */
    public String token() {
        return token;
    }

    /** How many bytes a digest has. */
    public int bytes() {
        return bytes;
    }

    /** Whether it finds accidents only, costs next to nothing, and combines over parts. */
    public boolean isChecksum() {
        return this == CRC32C || this == CRC64NVME;
    }

    /** The field in which S3 takes and shows a checksum of this kind ({@code x-amz-checksum-crc32c}); for checksums only. */
    public String s3Header() {
        return "x-amz-checksum-" + token;
    }

    /** The algorithm of a name, which is compared as it is: keys of a dictionary are in lower case (RFC 8941 section 3.2). */
    public static Optional<DigestAlgorithm> named(String token) {
        return Arrays.stream(values())
                .filter(known -> known.token.equals(token))
                .findFirst();
    }
}
