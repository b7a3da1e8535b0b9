/** Listening sockets: shut until who listens can serve (docs/adr/0043). Depends on nothing of ours. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.listening;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
