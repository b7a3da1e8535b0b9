/** Reads what a request demands of the result that is there, and which part of it: RFC 9110 sections 13 and 14. Pure. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.condition;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
