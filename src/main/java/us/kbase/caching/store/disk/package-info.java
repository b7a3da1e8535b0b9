/** The embedded store: one checked file per object in a folder that one process owns. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.disk;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
