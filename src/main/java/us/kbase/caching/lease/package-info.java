/**
 * Compute once: a client gets the file, or the right to compute it, or waits for whoever computes it. All truth stands in
 * the placeholder's body and changes by conditional puts only; what is in memory here are people waiting.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.lease;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
