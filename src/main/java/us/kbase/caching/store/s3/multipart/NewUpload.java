package us.kbase.caching.store.s3.multipart;

import java.util.Optional;
import us.kbase.caching.digest.DigestAlgorithm;

/**
 * A multipart upload that the server opened.
 *
 * @param id the server's name for it
 * @param checksum by which the server compares each part, and of which it keeps the whole object's; nothing where it keeps none
 */
public record NewUpload(String id, Optional<DigestAlgorithm> checksum) {}
