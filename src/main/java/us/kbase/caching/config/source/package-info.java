/**
 * Reads the files that a configuration comes from: text in whatever encoding an editor left, and {@code .env} by the rules of docker
 * compose.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.config.source;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
