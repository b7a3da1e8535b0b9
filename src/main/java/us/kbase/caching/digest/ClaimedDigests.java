package us.kbase.caching.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;

/**
 * What the sender of a file says of it. All of it must hold when the bytes have passed.
 *
 * @param digests each at most once
 */
public record ClaimedDigests(List<Digest> digests) {

    /** Nothing is said. */
    public static final ClaimedDigests NONE = new ClaimedDigests(List.of());

    /** The field by which a form's head tells of its file: the usual ones would tell of the form. */
    public static final String OF_FILE = "Cache-File-Digest";

    private static final List<String> FIELDS = List.of("Content-Digest", DigestField.REPR_DIGEST);
    private static final List<DigestAlgorithm> S3_CHECKSUMS =
            List.of(DigestAlgorithm.CRC32C, DigestAlgorithm.CRC64NVME);

    /** Copies the list. */
    public ClaimedDigests {
        digests = List.copyOf(digests);
    }

    /**
     * What the fields beside a file say of it: {@code Content-Digest}, {@code Repr-Digest} (RFC 9530), {@code Content-MD5} (RFC 1864),
     * {@code x-amz-checksum-crc32c}, {@code x-amz-checksum-crc64nvme} (S3 API, PutObject), and {@code Cache-File-Digest}.
     *
     * @param field gives a field's value, its lines joined by commas
     * @throws Failure.BadInput when one cannot be read
     */
    public static ClaimedDigests ofFile(Function<String, Optional<String>> field) {
        List<Digest> claimed = new ArrayList<>();
        FIELDS.forEach(name -> field.apply(name).ifPresent(text -> claimed.addAll(DigestField.parse(name, text))));
        add(claimed, field, "Content-MD5", DigestAlgorithm.MD5);
        S3_CHECKSUMS.forEach(algorithm -> add(claimed, field, algorithm.s3Header(), algorithm));
        return new ClaimedDigests(claimed).and(ofForm(field));
    }

    /** What a form's head says of its file: {@code Cache-File-Digest}; fails as above. */
    public static ClaimedDigests ofForm(Function<String, Optional<String>> field) {
        return field.apply(OF_FILE)
                .map(text -> new ClaimedDigests(DigestField.parse(OF_FILE, text)))
                .orElse(NONE);
    }

    /** What a reply with a file says of it: {@code Cache-Digest} and {@code Repr-Digest}; fails as above. */
    public static ClaimedDigests ofReply(Function<String, Optional<String>> field) {
        List<Digest> told = new ArrayList<>();
        List.of(DigestField.CACHE_DIGEST, DigestField.REPR_DIGEST)
                .forEach(name -> field.apply(name).ifPresent(text -> told.addAll(DigestField.parse(name, text))));
        return new ClaimedDigests(told);
    }

    private static void add(
            List<Digest> claimed, Function<String, Optional<String>> field, String name, DigestAlgorithm algorithm) {
        field.apply(name)
                .map(text -> Digest.parse(algorithm, text.strip())
                        .orElseThrow(() ->
                                new Failure.BadInput(name + " must be " + algorithm.bytes() + " bytes in Base64")))
                .ifPresent(claimed::add);
    }

    /** Both must hold. */
    public ClaimedDigests and(ClaimedDigests other) {
        return new ClaimedDigests(Stream.concat(digests.stream(), other.digests.stream())
                .distinct()
                .toList());
    }

    /** The digest by that algorithm, if one is claimed. */
    public Optional<Digest> by(DigestAlgorithm algorithm) {
        return digests.stream()
                .filter(digest -> digest.algorithm() == algorithm)
                .findFirst();
    }

    /** The same bytes, which end well only if all of this holds, and with {@code BadInput} otherwise. */
    public ByteSource checking(ByteSource file) {
        return digests.isEmpty() ? file : new CheckedUpload(file, this);
    }
}
