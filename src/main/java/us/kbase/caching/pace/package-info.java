/**
 * Paces what is done over and over: one step after the other, a fixed number at a time, again after a while. And says where it goes on
 * after each wait: in the context of who waits ({@link us.kbase.caching.pace.CallersContext}). Knows nobody.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.pace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
