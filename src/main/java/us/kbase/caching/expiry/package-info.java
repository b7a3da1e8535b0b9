/**
 * The sweep: finds entries whose time is over and removes them, without ever destroying what was published after it looked.
 * Safe on any number of nodes at once; whose turn it is only saves work.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.expiry;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
