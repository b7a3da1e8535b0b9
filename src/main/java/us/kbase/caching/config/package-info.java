/** File and environment to checked records. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
