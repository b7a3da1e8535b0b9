/** How soon something is asked again: one back-off for polls, probes and repetitions. Knows nobody. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.pace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
