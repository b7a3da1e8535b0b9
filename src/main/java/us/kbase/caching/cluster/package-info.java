/**
 * Gateways that know of each other. Only hints go over the cluster: that an entry changed, and who had better sweep. Truth is
 * in the object store, so a partition costs time and nothing else.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.cluster;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
