/**
 * Decides whose turn it is to use a connection to S3. Short calls and transfers have lanes of their own, so that a short call never
 * waits for a transfer; in each lane users wait in turns, not requests, and a wait ends in time (docs/adr/0029).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.lane;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
