/** Defines where bytes are kept: the {@code ObjectStore} port and its terms. This room knows no rule of the cache. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
