package us.kbase.caching.store;

import java.time.Instant;

/**
 * An object as it was at a moment of its store.
 *
 * @param stored what was seen
 * @param at the store's own clock when it answered, rounded down to the second: never later than the look
 */
public record Observation(Stored stored, Instant at) {}
