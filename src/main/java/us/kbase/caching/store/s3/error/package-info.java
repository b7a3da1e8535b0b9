/**
 * Says in our words what an S3 server answered in its own: its code decides, not the status alone.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.error;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
