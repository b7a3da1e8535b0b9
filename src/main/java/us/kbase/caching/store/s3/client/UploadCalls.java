package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.multipart.ChecksumSupport;
import us.kbase.caching.store.s3.multipart.NewUpload;
import us.kbase.caching.store.s3.multipart.PartList;
import us.kbase.caching.store.s3.multipart.TrailedPart;
import us.kbase.caching.stream.ByteSource;

/** Opens multipart uploads and sends their parts, with checksums where the server keeps one of the whole. Event loop only. */
public final class UploadCalls {

    /** What S3 and others say to a field that they do not take, by status. */
    private static final List<Integer> REFUSALS = List.of(400, 501);

    /** Those codes of S3 (S3 API, error responses) that can mean that field; all others are about this call alone. */
    private static final Set<String> LACKS =
            Set.of("InvalidArgument", "InvalidRequest", "NotImplemented", "UnsupportedArgument");

    private final S3Calls calls;
    private final Duration waitMax;
    private final ChecksumSupport checksums;

    /** Opens uploads by these calls. */
    public UploadCalls(S3Calls calls, Duration waitMax, ChecksumSupport checksums) {
        this.calls = calls;
        this.waitMax = waitMax;
        this.checksums = checksums;
    }

    /** Opens an upload of an object that will have this metadata. */
    public Future<NewUpload> open(String key, Map<String, String> metadata) {
        return checksums
                .asked()
                .map(algorithm -> created(key, metadata, Optional.of(algorithm))
                        .transform(done -> done.succeeded()
                                ? heard(key, metadata, done.result(), algorithm)
                                : refused(key, metadata, done.cause())))
                .orElseGet(() -> openPlain(key, metadata));
    }

    /** A server that keeps such a checksum by parts alone refuses parts without one: that upload is of no use. */
    private Future<NewUpload> heard(
            String key,
            Map<String, String> metadata,
            CreateMultipartUploadResponse created,
            DigestAlgorithm algorithm) {
        if (isKept(created, algorithm)) {
            return Future.succeededFuture(new NewUpload(created.uploadId(), Optional.of(algorithm)));
        }
        checksums.refused("it opened an upload without one");
        return calls.abort(key, created.uploadId())
                .onFailure(S3Errors::logCleanup) // the next upload of the key ends what is left
                .transform(aborted -> openPlain(key, metadata));
    }

    /** Without a checksum it may go well. Only then it was that, and only by a code that can mean it. */
    private Future<NewUpload> refused(String key, Map<String, String> metadata, Throwable cause) {
        if (!REFUSALS.contains(S3Errors.status(cause))) {
            return Future.failedFuture(cause);
        }
        return openPlain(key, metadata).onSuccess(opened -> {
            if (LACKS.contains(S3Errors.code(cause))) {
                checksums.refused(S3Errors.code(cause));
            }
        });
    }

    /** Sends a part as its bytes come, its checksum behind them where the upload has one. */
    public Future<CompletedPart> part(String key, NewUpload upload, int number, ByteSource bytes, long lengthBytes) {
        return upload.checksum()
                .map(algorithm -> trailed(key, upload, number, new TrailedPart(bytes, lengthBytes, algorithm)))
                .orElseGet(() -> part(key, upload, number, bytes, Map.of(), lengthBytes)
                        .map(answer -> PartList.part(number, S3Headers.written(answer), Optional.empty())))
                .recover(ObjectCalls::named);
    }

    /** The same of an object that will be empty: its length tells all of it, and MinIO takes no checksum of nothing. */
    public Future<NewUpload> openEmpty(String key, Map<String, String> metadata) {
        return openPlain(key, metadata);
    }

    private Future<NewUpload> openPlain(String key, Map<String, String> metadata) {
        return created(key, metadata, Optional.empty())
                .map(created -> new NewUpload(created.uploadId(), Optional.empty()));
    }

    private Future<CompletedPart> trailed(String key, NewUpload upload, int number, TrailedPart part) {
        return part(key, upload, number, part, part.headers(), part.framedBytes())
                .map(answer -> taken(number, answer, part.checksum().orElseThrow()));
    }

    private static CompletedPart taken(int number, HttpClientResponse answer, Digest checksum) {
        S3Headers.received(answer, checksum);
        return PartList.part(number, S3Headers.written(answer), Optional.of(checksum));
    }

    private Future<HttpClientResponse> part(
            String key,
            NewUpload upload,
            int number,
            ByteSource bytes,
            Map<String, String> ofChecksum,
            long sentBytes) {
        Map<String, String> query = Map.of("partNumber", Integer.toString(number), "uploadId", upload.id());
        Map<String, String> headers = new HashMap<>(ofChecksum);
        headers.putIfAbsent("Content-Length", Long.toString(sentBytes));
        return calls.direct()
                .part(
                        key,
                        query,
                        headers,
                        new SignedExchange.Content.Streamed(bytes, sentBytes),
                        CallTimeouts.toGoOn(waitMax));
    }

    private Future<CreateMultipartUploadResponse> created(
            String key, Map<String, String> metadata, Optional<DigestAlgorithm> checksum) {
        return calls.again(() -> calls.inTurn(
                        CallTimeouts.toLook(waitMax),
                        () -> S3Calls.said(calls.client().createMultipartUpload(create -> {
                            create.bucket(calls.bucket())
                                    .key(key)
                                    .metadata(metadata)
                                    .contentType("application/octet-stream");
                            checksum.ifPresent(algorithm -> create.checksumAlgorithm(
                                            algorithm.token().toUpperCase(Locale.ROOT))
                                    .checksumType(ChecksumType.FULL_OBJECT));
                        }))))
                .map(answer -> opened(key, answer))
                .recover(ObjectCalls::named);
    }

    /** A part of an upload without a name would be a content in the object's place. */
    private static CreateMultipartUploadResponse opened(String key, CreateMultipartUploadResponse answer) {
        S3Headers.agree(answer.uploadId() != null && !answer.uploadId().isEmpty(), "no upload id");
        S3Headers.agree(answer.key() == null || answer.key().equals(key), "another key than the one asked for");
        return answer;
    }

    /** A server that does not know the fields does not hear them, and says nothing of a checksum. */
    private static boolean isKept(CreateMultipartUploadResponse created, DigestAlgorithm algorithm) {
        return created.checksumType() == ChecksumType.FULL_OBJECT
                && algorithm.token().equalsIgnoreCase(created.checksumAlgorithmAsString());
    }
}
