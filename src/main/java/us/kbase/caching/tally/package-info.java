/** What an operator is told of a gateway's work: what jobs found, what came of leases and sweeps, how long other servers took. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.tally;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
