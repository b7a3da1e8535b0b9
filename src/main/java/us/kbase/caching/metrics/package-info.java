/**
 * What an operator sees of a running gateway, in Prometheus' format and on an address of its own (docs/adr/0031). Every label of every
 * meter comes from a closed set, so what is shown does not grow with what strangers send.
 *
 * <p>Depends on {@code memory} only.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
