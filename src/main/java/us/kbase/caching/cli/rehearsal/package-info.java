/**
 * Walks the whole path once before clients do: a gateway of this process, in front of a stand-in for S3, serves jobs of our own. So
 * the code is loaded and compiled when {@code /readyz} says yes, and the launcher's start-up cache is trained by the same walk.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.rehearsal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
