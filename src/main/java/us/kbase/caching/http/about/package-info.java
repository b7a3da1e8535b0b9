/** What the gateway says of itself: whether it lives and can serve, and what its API is. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.about;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
