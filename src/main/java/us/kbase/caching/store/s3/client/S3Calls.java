package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.store.s3.lane.Lane;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * The calls of S3 on one bucket, each as a Vert.x future on the caller's event loop: uploads by the SDK's client, the small calls
 * that every job makes by {@link ObjectCalls}. No call is retried here.
 */
public final class S3Calls {

    private final Vertx vertx;
    private final Duration waitMax;
    private final S3AsyncClient client;
    private final ConnectionPools connections;
    private final ObjectRequests requests;
    private final ObjectCalls direct;
    private final SilenceWatch silence;
    private final String bucket;

    public S3Calls(Vertx vertx, S3Connection connection, StoreTime time, Budget budget, ConnectionPools.Load load) {
        this.vertx = vertx;
        this.bucket = connection.bucket();
        this.waitMax = connection.waitMax();
        this.connections = new ConnectionPools(vertx, connection, budget, load);
        this.requests = new ObjectRequests(connection, credentials(connection), time);
        this.direct = new ObjectCalls(connections.calls(), connections.transfers(), requests, time);
        this.silence = new SilenceWatch(vertx, this::easy, System::nanoTime);
        this.client = S3AsyncClient.builder()
                .httpClient(new VertxSdkHttpClient(vertx, connections.calls().client(), CallTimeouts.toLook(waitMax)))
                .endpointOverride(connection.endpoint())
                .region(Region.of(connection.region()))
                .forcePathStyle(connection.pathStyle())
                .credentialsProvider(StaticCredentialsProvider.create(credentials(connection)))
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

    private Future<?> easy() {
        return future(client.headBucket(head -> head.bucket(bucket)));
    }

    static AwsCredentials credentials(S3Connection connection) {
        return connection
                .sessionToken()
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(
                        connection.accessKey(), connection.secretKey().reveal(), token.reveal()))
                .orElseGet(() -> AwsBasicCredentials.create(
                        connection.accessKey(), connection.secretKey().reveal()));
    }

    public S3AsyncClient client() {
        return client;
    }

    /** Makes requests on objects for whoever sends them by {@link #http}. */
    public ObjectRequests requests() {
        return requests;
    }

    /** What an object is, with the store's time. */
    public Future<Observation> head(String key) {
        return direct.head(key, CallTimeouts.toLook(waitMax));
    }

    /** An object's bytes under demand; with an ETag, as the rest of a download that is under way. */
    public Future<Download> get(String key, ByteRange range, Optional<String> etag) {
        return direct.get(
                key, range, etag, etag.isPresent() ? CallTimeouts.toGoOn(waitMax) : CallTimeouts.toLook(waitMax));
    }

    /** Gives an object one tag, in place of those that it had. */
    public Future<HttpClientResponse> tag(String key, String name, String value) {
        return direct.tag(key, name, value, CallTimeouts.toChange(waitMax));
    }

    /** Removes an object. */
    public Future<Void> delete(String key) {
        return watched(direct.delete(key, CallTimeouts.toChange(waitMax))).mapEmpty();
    }

    /** Sends a request that was signed before; what it says when it was answered in time. */
    public SignedExchange send(RequestOptions signed, Buffer content, Duration within) {
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

    /** A call whose answer is never null; empty for 404. */
    public <T> Future<Optional<T>> ifThere(Future<T> call) {
        return call.map(Optional::of)
                .recover(cause -> S3Errors.status(cause) == 404
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(cause));
    }

    /** Of a call in the middle of a transfer. */
    public void underWay(AwsRequestOverrideConfiguration.Builder override) {
        CallTimeouts.toGoOn(waitMax).in(override);
    }

    /** A call given up after a time, whatever it waits for; the SDK's own limit would end it on a thread of its own. */
    public <T> Future<T> within(Duration time, CompletableFuture<T> call) {
        long timer = vertx.setTimer(
                time.toMillis(),
                id -> call.completeExceptionally(new ServerSilent("no answer for " + time.toSeconds() + " s")));
        return future(call).onComplete(done -> vertx.cancelTimer(timer));
    }

    private <T> Future<T> watched(CompletableFuture<T> call) {
        return silence.over(future(call), call::completeExceptionally);
    }

    private Future<HttpClientResponse> watched(SignedExchange exchange) {
        return silence.over(direct.answered(exchange), exchange::giveUp);
    }

    public static <T> Future<T> future(CompletableFuture<T> call) {
        return Future.fromCompletionStage(call).recover(cause -> Future.failedFuture(S3Errors.named(cause)));
    }

    /** Puts a content that is in one buffer, which stays the caller's; gives the ETag. */
    public Future<String> put(String key, Buffer content, Map<String, String> metadata, Precondition condition) {
        return content.length() <= ObjectCalls.CONTENT_BYTES_MAX
                ? written(direct.put(key, content, metadata, condition, CallTimeouts.toChange(waitMax)))
                : put(key, ByteSource.of(Chunk.share(content)), content.length(), metadata, condition);
    }

    /** Puts a content that is in memory in pieces; gives the ETag. */
    public Future<String> put(
            String key, ByteSource bytes, long lengthBytes, Map<String, String> metadata, Precondition condition) {
        SignedExchange.Content.Streamed content = new SignedExchange.Content.Streamed(bytes, lengthBytes);
        return written(direct.put(key, content, metadata, condition, CallTimeouts.toChange(waitMax)));
    }

    private Future<String> written(SignedExchange put) {
        return watched(put).map(S3Headers::etag);
    }

    public Future<String> createUpload(String key, Map<String, String> metadata) {
        return inTurn(
                        CallTimeouts.toLook(waitMax),
                        () -> future(client.createMultipartUpload(create -> create.bucket(bucket)
                                .key(key)
                                .metadata(metadata)
                                .contentType("application/octet-stream"))))
                .map(response -> response.uploadId());
    }

    public Future<CompletedPart> uploadPart(String key, String upload, int number, ByteSource bytes, long lengthBytes) {
        SignedExchange.Content.Streamed content = new SignedExchange.Content.Streamed(bytes, lengthBytes);
        return direct.part(key, upload, number, content, CallTimeouts.toGoOn(waitMax))
                .map(etag ->
                        CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    public Future<String> complete(String key, String upload, List<CompletedPart> parts, Precondition condition) {
        return inTurn(
                        CallTimeouts.toPublish(waitMax),
                        () -> watched(client.completeMultipartUpload(complete -> {
                            complete.bucket(bucket)
                                    .key(key)
                                    .uploadId(upload)
                                    .multipartUpload(CompletedMultipartUpload.builder()
                                            .parts(parts)
                                            .build())
                                    .overrideConfiguration(
                                            o -> CallTimeouts.toPublish(waitMax).in(o));
                            switch (condition) {
                                case Precondition.Absent absent -> complete.ifNoneMatch("*");
                                case Precondition.Matches matches -> complete.ifMatch(matches.etag());
                            }
                        })))
                .map(response -> response.eTag());
    }

    /** A page of keys. */
    public Future<ListObjectsV2Response> list(String after, int limit) {
        return inTurn(
                CallTimeouts.toLook(waitMax),
                () -> future(client.listObjectsV2(
                        list -> list.bucket(bucket).startAfter(after).maxKeys(limit))));
    }

    /** The open uploads of exactly this key, and of keys that begin with it where the server lists those too. */
    public Future<ListMultipartUploadsResponse> openUploadsOf(String key, int limit) {
        return inTurn(
                CallTimeouts.toLook(waitMax),
                () -> future(client.listMultipartUploads(
                        list -> list.bucket(bucket).prefix(key).maxUploads(limit))));
    }

    public Future<AbortMultipartUploadResponse> abort(String key, String upload) {
        return inTurn(
                CallTimeouts.toGoOn(waitMax),
                () -> future(client.abortMultipartUpload(abort ->
                        abort.bucket(bucket).key(key).uploadId(upload).overrideConfiguration(this::underWay))));
    }
}
