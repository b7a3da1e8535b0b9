/** Reads and writes what headers say of a file: its type and its name (RFC 9110 section 8.3, RFC 6266). Pure. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.content;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
