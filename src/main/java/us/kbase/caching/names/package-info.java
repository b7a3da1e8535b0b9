/** Names of machines, looked up off the event loops (docs/adr/0033). Depends on nothing of ours. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.names;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
