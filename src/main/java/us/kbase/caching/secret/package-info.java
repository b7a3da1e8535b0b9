/** Values that must not be printed. Depends on nothing of ours. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.secret;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
