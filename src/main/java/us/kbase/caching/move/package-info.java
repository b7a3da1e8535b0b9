/**
 * Moves a cache from one store to another while gateways serve it: they read through to the previous store, write to the new one, and a
 * walk copies what is left (docs/adr/0062).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.move;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
