/** Routes and handlers; the only package that sees the Vert.x router. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
