/**
 * Shows on a terminal how far a transfer is.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.progress;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
