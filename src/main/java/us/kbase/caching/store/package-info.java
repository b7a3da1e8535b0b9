/** Where bytes are kept: the {@code ObjectStore} port and what it speaks. Knows no rule of the cache. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
