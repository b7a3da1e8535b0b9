/**
 * A job-result cache in front of S3. The path of a byte: {@code http} (routes, forms) → {@code cache} (who may do what) →
 * {@code store} (atomic, conditional put) → S3 or the disk. {@code auth} says who is asking; {@code failure} says what can
 * go wrong; {@code cli} and {@code config} start it; {@code Gateway} puts the parts together.
 */
@NullMarked
package us.kbase.caching;

import org.jspecify.annotations.NullMarked;
