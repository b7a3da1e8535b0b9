/** Reads JSON bodies into memory that is paid for before they come, with what parsing makes of them. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
