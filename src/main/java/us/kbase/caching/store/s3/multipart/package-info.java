/**
 * Multipart uploads as S3 writes them: a part's bytes with their checksum behind them, since they are only just coming, and the list of
 * parts that completes an upload (docs/adr/0052).
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.multipart;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
