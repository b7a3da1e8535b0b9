/**
 * Asks an S3 server: signed requests, one exchange each, answers and time limits.
 *
 * <p>Two roads lead to the server. {@code ObjectCalls} makes what every job needs and all that carries a file's bytes, signed by the
 * SDK's signer. Everything else goes through the SDK's own {@code S3AsyncClient}, whose transport is {@code VertxSdkHttpClient}.
 * {@code S3Calls} is the one door to both.
 *
 * <p>Both roads send by {@code SignedExchange}: it owns the connection, the place in the lane and the timers of one request.
 * {@code BodySender} sends the request's bytes under the demand of the socket, {@code ResponseSource} reads the answer's under the demand
 * of whoever takes them. {@code SdkExchange} only turns the SDK's publishers into such sources and back.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
