/**
 * Reads results at rest and compares them with the digests that they were stored with, at a bounded rate, so that damage is found before
 * somebody needs the result. Nothing is changed: the embedded store itself puts aside what it finds damaged while it is read. See
 * docs/adr/0053.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.verify;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
