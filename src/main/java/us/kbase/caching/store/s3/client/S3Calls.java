package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.S3Response;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.store.s3.lane.Lane;
import us.kbase.caching.store.s3.multipart.PartList;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.store.s3.write.WriteCalls;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * The calls of S3 on one bucket, each as a Vert.x future on the caller's event loop: listings and the beginning of uploads by the SDK's
 * client, all else by {@link ObjectCalls}. What only looks, and what does the same twice, is repeated here by one policy; writes and
 * deletions are tried once, since whoever makes them must know what became of each try (docs/adr/0044).
 */
public final class S3Calls implements WriteCalls {

    private final Vertx vertx;
    private final Duration waitMax;
    private final S3AsyncClient client;
    private final ConnectionPools connections;
    private final ObjectRequests requests;
    private final ObjectCalls direct;
    private final SilenceWatch silence;
    private final String bucket;
    private final Retries retries;
    private final StoreTime time;

    public S3Calls(Vertx vertx, S3Connection connection, StoreTime time, Budget budget, ConnectionPools.Load load) {
        this.vertx = vertx;
        this.bucket = connection.bucket();
        this.retries = new Retries(vertx);
        this.time = time;
        this.waitMax = connection.waitMax();
        this.connections = new ConnectionPools(vertx, connection, budget, load);
        this.requests = new ObjectRequests(connection, connection.credentials(), time);
        this.direct = new ObjectCalls(connections.calls(), connections.transfers(), requests, time);
        this.silence = new SilenceWatch(vertx, this::easy, System::nanoTime);
        this.client = S3AsyncClient.builder()
                .httpClient(new VertxSdkHttpClient(connections.calls(), CallTimeouts.toLook(waitMax)))
                .endpointOverride(connection.endpoint())
                .region(Region.of(connection.region()))
                .forcePathStyle(connection.pathStyle())
                .credentialsProvider(StaticCredentialsProvider.create(connection.credentials()))
                // The defaults add a trailer and two copies; over http this leaves the body as it is (docs/adr/0002).
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().expectContinueEnabled(false).build())
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new StoreDate(time)))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    /** A call by the SDK, begun when its turn has come: what waits for its turn takes little, what the SDK has begun takes 20 KiB. */
    public <T> Future<T> inTurn(CallTimeouts timeouts, Supplier<Future<T>> call) {
        Lane.Place place = connections.calls().lane().enter(timeouts.connectionMillis(), Lane.Pace.CALL);
        return place.turn().compose(turn -> call.get()).onComplete(done -> place.end());
    }

    @Override
    public Retries retries() {
        return retries;
    }

    @Override
    public WriteLife newWrite() {
        return new WriteLife(time, time.earliest());
    }

    /** Repeats a call that changes nothing, or the same again, while it fails with something that may pass. */
    public <T> Future<T> again(Supplier<Future<T>> call) {
        return retries.run(call, S3Errors::mayPass);
    }

    private Future<?> easy() {
        return future(client.headBucket(head -> head.bucket(bucket)));
    }

    public S3AsyncClient client() {
        return client;
    }

    /** Makes requests on objects. */
    public ObjectRequests requests() {
        return requests;
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        return ifThere(again(() -> direct.head(key, CallTimeouts.toLook(waitMax))));
    }

    /** An object's bytes under demand; with an ETag, as the rest of a download that is under way. */
    public Future<Download> get(String key, ByteRange range, Optional<String> etag) {
        CallTimeouts timeouts = etag.isPresent() ? CallTimeouts.toGoOn(waitMax) : CallTimeouts.toLook(waitMax);
        return again(() -> direct.get(key, range, etag, timeouts));
    }

    /** Gives an object one tag, in place of those that it had. */
    public Future<HttpClientResponse> tag(String key, String name, String value) {
        return again(() -> direct.tag(key, name, value, CallTimeouts.toChange(waitMax)));
    }

    @Override
    public Future<Void> delete(String key, WriteLife life) {
        SignedExchange delete = direct.delete(key, life, CallTimeouts.toChange(waitMax));
        return silence.over(delete.turn(), direct.deleted(delete), delete::giveUp);
    }

    /** Sends a put that was signed before, and fails when it was not answered in time. */
    public Future<String> putSigned(RequestOptions signed, Buffer content, Duration within) {
        return direct.written(send(signed, content, within), Optional.empty());
    }

    /** The same with a deletion. */
    public Future<Void> deleteSigned(RequestOptions signed, Duration within) {
        return direct.deleted(send(signed, Buffer.buffer(), within));
    }

    private SignedExchange send(RequestOptions signed, Buffer content, Duration within) {
        return direct.send(signed, content, new CallTimeouts(within.toMillis(), within.toMillis(), within.toMillis()));
    }

    /** The connections of this loop. */
    public ConnectionPools connections() {
        return connections;
    }

    public void close() {
        client.close();
        connections.close();
    }

    public String bucket() {
        return bucket;
    }

    /** A call whose answer is never null; empty where S3 says that nothing is there. */
    public <T> Future<Optional<T>> ifThere(Future<T> call) {
        return call.map(Optional::of)
                .recover(cause -> S3Errors.saysAbsent(cause)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(cause));
    }

    /** A call given up after a time, whatever it waits for; the SDK's own limit would end it on a thread of its own. */
    public <T> Future<T> within(Duration time, CompletableFuture<T> call) {
        long timer = vertx.setTimer(
                time.toMillis(),
                id -> call.completeExceptionally(new ServerSilent("no answer for " + time.toSeconds() + " s")));
        return future(call).onComplete(done -> vertx.cancelTimer(timer));
    }

    /** An answer that says something of what S3 holds: a stranger's good status would say that there is nothing. */
    static <T extends S3Response> Future<T> said(CompletableFuture<T> call) {
        return future(call)
                .map(answer -> {
                    SdkHttpResponse head = answer.sdkHttpResponse();
                    S3Headers.agree(head.statusCode() == 200, "status " + head.statusCode());
                    S3Headers.agree(
                            head.firstMatchingHeader(S3Headers.REQUEST_ID).isPresent(),
                            "a good status without x-amz-request-id, so it is not from S3");
                    return answer;
                })
                .recover(ObjectCalls::named);
    }

    public static <T> Future<T> future(CompletableFuture<T> call) {
        return CallersContext.of(call).recover(cause -> Future.failedFuture(S3Errors.named(cause)));
    }

    /** Tries once to put a content that is in one buffer, which stays the caller's; gives the ETag. */
    public Future<String> put(String key, Buffer content, Digest checksum, WriteAttempt write) {
        return content.length() <= ObjectCalls.CONTENT_BYTES_MAX
                ? put(key, new SignedExchange.Content.Held(content), checksum, write)
                : put(key, ByteSource.of(Chunk.share(content)), content.length(), checksum, write);
    }

    /** Tries once to put a content that is in memory in pieces; gives the ETag. */
    public Future<String> put(String key, ByteSource bytes, long lengthBytes, Digest checksum, WriteAttempt write) {
        return put(key, new SignedExchange.Content.Streamed(bytes, lengthBytes), checksum, write);
    }

    private Future<String> put(String key, SignedExchange.Content content, Digest checksum, WriteAttempt write) {
        SignedExchange put = direct.put(key, content, checksum, write, CallTimeouts.toChange(waitMax));
        return silence.over(put.turn(), direct.written(put, Optional.of(checksum)), put::giveUp);
    }

    ObjectCalls direct() {
        return direct;
    }

    /**
     * Tries once to publish an upload; gives the ETag.
     *
     * @param checksum of all parts together, where the upload has one
     */
    public Future<String> complete(
            String key, String upload, List<CompletedPart> parts, Optional<Digest> checksum, WriteAttempt write) {
        ObjectCalls.Whole whole = new ObjectCalls.Whole(upload, PartList.xml(parts), checksum);
        SignedExchange complete =
                direct.complete(key, whole, write.condition(), write.life(), CallTimeouts.toPublish(waitMax));
        return silence.over(complete.turn(), direct.completed(complete, key, checksum), complete::giveUp);
    }

    /** A page of keys. */
    public Future<ListObjectsV2Response> list(String after, int limit) {
        return again(() -> inTurn(
                CallTimeouts.toLook(waitMax),
                () -> said(client.listObjectsV2(list -> list.bucket(bucket)
                        .startAfter(after)
                        .maxKeys(limit)
                        .encodingType(EncodingType.URL))))); // XML has no place for some characters
    }

    /** The open uploads of exactly this key, and of keys that begin with it where the server lists those too. */
    public Future<ListMultipartUploadsResponse> openUploadsOf(String key, int limit) {
        return openUploads(list -> list.prefix(key).maxUploads(limit));
    }

    /** Open uploads, as many as the server tells of. */
    public Future<ListMultipartUploadsResponse> openUploads(Consumer<ListMultipartUploadsRequest.Builder> which) {
        return again(() -> inTurn(
                CallTimeouts.toLook(waitMax),
                () -> said(client.listMultipartUploads(list -> {
                    list.bucket(bucket).encodingType(EncodingType.URL);
                    which.accept(list);
                }))));
    }

    /** A page of the parts that an open upload has got, behind that number. */
    public Future<ListPartsResponse> parts(String key, String upload, int behind) {
        return again(() -> inTurn(
                CallTimeouts.toLook(waitMax),
                () -> said(client.listParts(
                        list -> list.bucket(bucket).key(key).uploadId(upload).partNumberMarker(behind)))));
    }

    /** The tags of an object. */
    public Future<GetObjectTaggingResponse> tags(String key) {
        return again(() -> inTurn(
                CallTimeouts.toLook(waitMax),
                () -> said(client.getObjectTagging(get -> get.bucket(bucket).key(key)))));
    }

    /** Ends an upload that is not to be completed. */
    public Future<HttpClientResponse> abort(String key, String upload) {
        return again(() -> direct.abort(key, upload, CallTimeouts.toGoOn(waitMax)));
    }
}
