/** Incremental multipart/form-data: bytes in, the file's bytes out, on demand. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.http.form;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
