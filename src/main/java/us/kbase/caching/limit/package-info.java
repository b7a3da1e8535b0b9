/**
 * What one user may do at once, where an operator bounds it: transfers that are open, and requests a second (docs/adr/0057).
 *
 * <p>Counted once for all event loops. Only users with an open transfer are held by name for it, and rates of the ten thousand users who
 * asked last; whoever is forgotten begins anew.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.limit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
