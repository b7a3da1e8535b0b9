/**
 * Asks an S3 server: signed requests, one exchange each, answers and time limits.
 *
 * <p>Two roads lead to the server. {@code ObjectCalls} sends what every job needs and all that carries a file's bytes: signed by the
 * SDK, sent and read by {@code SignedExchange} under the demand of whoever reads or writes. Everything else goes through the SDK's
 * own {@code S3AsyncClient}, over {@code VertxSdkHttpClient} and the same connections. {@code S3Calls} is the one door to both.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
