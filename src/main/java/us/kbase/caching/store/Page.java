package us.kbase.caching.store;

import java.util.List;

/**
 * Some keys, in order.
 *
 * @param keys the keys
 * @param more whether keys follow the last one
 */
public record Page(List<String> keys, boolean more) {}
