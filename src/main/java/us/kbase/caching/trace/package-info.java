/** Which request is served now, and the spans of it that a collector gets. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.trace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
