package us.kbase.caching.digest;

/**
 * Arithmetic modulo a reflected CRC polynomial, by which the checksums of parts combine (as zlib's {@code crc32_combine} does it): what
 * stands before n bytes is multiplied by x to the power of 8n. Both checksums here begin with all bits set and end inverted, so that
 * these cancel out. Any thread.
 */
final class CrcPolynomial {

    private static final CrcPolynomial CRC32C = new CrcPolynomial(0x82f63b78L, 32);
    private static final CrcPolynomial CRC64NVME = new CrcPolynomial(Crc64Nvme.POLYNOMIAL, 64);

    private static final int BITS_OF_A_LENGTH = 63;
    private static final int BITS_OF_A_BYTE_LOG2 = 3;

    private final long polynomial;
    private final long one;

    /** x to the power of 2^i. */
    private final long[] powers = new long[BITS_OF_A_LENGTH + BITS_OF_A_BYTE_LOG2];

    private CrcPolynomial(long polynomial, int width) {
        this.polynomial = polynomial;
        this.one = 1L << (width - 1);
        long power = one >>> 1;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = power;
            power = product(power, power);
        }
    }

    /** That of a checksum. */
    static CrcPolynomial of(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32C -> CRC32C;
            case CRC64NVME -> CRC64NVME;
            default -> throw new IllegalArgumentException("no checksum: " + algorithm.token());
        };
    }

    /** By what a checksum is multiplied when that many bytes follow it. */
    long shift(long bytes) {
        long shift = one;
        for (int bit = 0; bytes >>> bit != 0; bit++) {
            if ((bytes >>> bit & 1) != 0) {
                shift = product(powers[bit + BITS_OF_A_BYTE_LOG2], shift);
            }
        }
        return shift;
    }

    /** The product of two polynomials, their highest bit being the factor of 1. */
    long product(long a, long b) {
        long sum = 0;
        long rest = b;
        for (long bit = one; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                sum ^= rest;
            }
            rest = (rest & 1) != 0 ? rest >>> 1 ^ polynomial : rest >>> 1;
        }
        return sum;
    }
}
