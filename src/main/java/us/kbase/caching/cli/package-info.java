/** One class per command; the only place that ends the process. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
