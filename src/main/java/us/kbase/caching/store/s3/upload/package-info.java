/**
 * Turns a body into parts of an S3 multipart upload.
 *
 * <p>What is known of the length decides how ({@code PartPlan}). Known or bounded: the client's socket is the request body of each
 * part, under demand, two parts in flight ({@code MultipartUpload}, {@code BodySplitter}). Unknown: parts are collected within a budget that
 * is paid as bytes arrive ({@code UnsizedUpload}, {@code UploadMemory}). Small: the file is held and published by one conditional
 * PutObject ({@code HeldBody}).
 *
 * <p>A streamed part cannot be read twice from a socket, so while the shared {@code RetentionBudget} has room the chunks of unanswered
 * parts are kept, and a part that S3 failed is sent again ({@code RetryablePart}). Under pressure they are let go, oldest first.
 *
 * <p>Nothing here publishes: only the Complete or the PutObject of {@code S3ObjectStore} does, after the whole request ended well.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.store.s3.upload;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
