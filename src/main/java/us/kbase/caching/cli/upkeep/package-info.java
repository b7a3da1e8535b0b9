/**
 * Tidies a store: {@code expire} and {@code purge}, by the gateway that owns it or on the store itself.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.upkeep;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
