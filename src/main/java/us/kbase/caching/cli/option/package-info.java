/**
 * Reads the options that several commands share: the server, the configuration, durations.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli.option;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
