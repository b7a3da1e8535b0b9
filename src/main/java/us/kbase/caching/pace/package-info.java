/**
 * Paces what is done over and over: one step after the other, a fixed number at a time, again after a while. Knows nobody.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.pace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
