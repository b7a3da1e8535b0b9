/**
 * Reads a request's target once and finds who answers it: path to resource, resource and method to handler, query to parameters.
 * A path is compared as it was sent, so this gateway and whoever looks at requests before it cannot disagree about what it names.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.route;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
