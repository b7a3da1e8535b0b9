package us.kbase.caching.store;

import java.time.Instant;

/**
 * An object as a listing shows it.
 *
 * @param key its name
 * @param modified when it was written, by the store's clock
 */
public record Listed(String key, Instant modified) {}
