/** How the log is written where programs read it. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.log;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
