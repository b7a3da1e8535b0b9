/** Who is asking: a token becomes a caller. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.auth;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
