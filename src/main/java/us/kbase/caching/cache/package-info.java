/** The rules of the cache: ids, entries, who may do what with them. No web, no SDK. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cache;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
