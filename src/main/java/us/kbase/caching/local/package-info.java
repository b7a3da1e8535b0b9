/**
 * How commands of this machine find the gateway that owns a data folder, and show it that they may: a note in that folder, which only
 * its owner can read. Knows nothing of configuration, HTTP or stores.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.local;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
