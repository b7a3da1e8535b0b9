package us.kbase.caching.store;

import java.time.Instant;

/**
 * A multipart upload that was neither completed nor aborted.
 *
 * @param key what it would become
 * @param id the store's name for it
 * @param begun when it was opened, by the store's clock
 */
public record OpenUpload(String key, String id, Instant begun) {}
