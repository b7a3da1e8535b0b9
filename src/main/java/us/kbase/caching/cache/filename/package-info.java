/**
 * Names a result: as the original service stores it, and as its sender wrote it.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cache.filename;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
