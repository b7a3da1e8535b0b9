/**
 * Writes to S3 and removes from it so that the outcome is known: every try carries a mark by which it is known again when its reply was
 * lost, and an end of its life that the store itself enforces (docs/adr/0044).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.write;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
