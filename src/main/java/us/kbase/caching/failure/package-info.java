/** How a request can fail, as one sealed type: every layer speaks it, only {@code http} turns it into a status. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.failure;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
