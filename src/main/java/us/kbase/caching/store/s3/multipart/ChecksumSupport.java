package us.kbase.caching.store.s3.multipart;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.digest.DigestAlgorithm;

/**
 * Whether a server keeps a checksum of a whole object that comes in parts ({@code FULL_OBJECT}; S3 API, CreateMultipartUpload). It is
 * learnt from the first answer and told once: such a server's long results come without a checksum. Of all event loops; any thread.
 */
public final class ChecksumSupport {

    private static final Logger log = LoggerFactory.getLogger(ChecksumSupport.class);

    private final DigestAlgorithm algorithm;
    private final AtomicBoolean refused = new AtomicBoolean();

    /** Asks for that checksum. */
    public ChecksumSupport(DigestAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** The checksum that is wanted of every object. */
    public DigestAlgorithm algorithm() {
        return algorithm;
    }

    /** The checksum to ask for, while the server did not refuse one. */
    public Optional<DigestAlgorithm> asked() {
        return Optional.of(algorithm).filter(wanted -> !refused.get());
    }

    /** The server refused to open an upload with a checksum, or opened it without one. */
    public void refused(String how) {
        if (!refused.getAndSet(true)) {
            log.warn(
                    "The S3 server keeps no {} of objects that come in parts ({}): results above 5 MiB are kept without a"
                            + " checksum",
                    algorithm.token(),
                    how);
        }
    }
}
