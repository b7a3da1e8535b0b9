/** The only package that sees the AWS SDK: any S3 server as an {@code ObjectStore}. */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
