package us.kbase.caching.digest;

/** The checksum of a whole, made of those of its parts in their order. One thread. */
public final class CombinedChecksum {

    private final DigestAlgorithm algorithm;
    private final CrcPolynomial polynomial;
    private long whole;
    private long shiftedBytes = -1;
    private long shift;

    /** The checksum of nothing yet; the algorithm is one of a checksum. */
    public CombinedChecksum(DigestAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.polynomial = CrcPolynomial.of(algorithm);
    }

    /**
     * Adds the next part.
     *
     * @param checksum of that part alone
     * @param bytes how many it has
     */
    public void add(long checksum, long bytes) {
        if (bytes != shiftedBytes) { // most parts have one length
            shift = polynomial.shift(bytes);
            shiftedBytes = bytes;
        }
        whole = polynomial.product(shift, whole) ^ checksum;
    }

    /** The checksum of what was added. */
    public Digest digest() {
        return Digest.ofChecksum(algorithm, whole);
    }
}
