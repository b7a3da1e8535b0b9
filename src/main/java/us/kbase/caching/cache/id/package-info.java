/**
 * Makes a cache id from a job's parameters, byte for byte as the original service in Python does: strict JSON, canonical text, BLAKE2b.
 * An id must never change, since it names a result that is already stored. Depends on nothing of ours but {@code text}.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cache.id;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
