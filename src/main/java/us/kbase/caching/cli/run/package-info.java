/**
 * Runs a command once for all who ask for its result: {@code run}.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.run;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
