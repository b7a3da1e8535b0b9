package us.kbase.caching.digest;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.stream.Chunk;

/** Compares bytes that pass with everything that is claimed of them. One thread at a time. */
public final class DigestCheck {

    private final ClaimedDigests claimed;
    private final Map<DigestAlgorithm, RunningDigest> running = new EnumMap<>(DigestAlgorithm.class);

    /** A comparison of bytes of which none has passed yet. */
    public DigestCheck(ClaimedDigests claimed) {
        this.claimed = claimed;
        claimed.digests().forEach(digest -> running.computeIfAbsent(digest.algorithm(), RunningDigest::of));
    }

    /** Takes all that remains of the bytes, and leaves the buffer as it was. */
    public void update(ByteBuffer bytes) {
        running.values().forEach(digest -> digest.update(bytes.duplicate()));
    }

    /** Takes a chunk, which stays its owner's. */
    void update(Buffer chunk) {
        if (!running.isEmpty()) {
            update(Chunk.view(chunk));
        }
    }

    /** What does not agree, as half a sentence; nothing when all does. To be asked once, at the end. */
    public Optional<String> wrong() {
        Map<DigestAlgorithm, Digest> came = new EnumMap<>(DigestAlgorithm.class);
        running.forEach((algorithm, digest) -> came.put(algorithm, digest.digest()));
        return claimed.digests().stream()
                .filter(claim -> !claim.equals(came.get(claim.algorithm())))
                .findFirst()
                .map(claim -> "it has the digest " + came.get(claim.algorithm()) + ", not " + claim);
    }
}
