package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OnBehalf;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.store.s3.client.ObjectCalls;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.store.s3.client.TimedSource;
import us.kbase.caching.store.s3.client.UploadCalls;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.multipart.NewUpload;
import us.kbase.caching.store.s3.upload.AssumedLengthBody;
import us.kbase.caching.store.s3.upload.BodySplitter;
import us.kbase.caching.store.s3.upload.HeldBody;
import us.kbase.caching.store.s3.upload.MultipartUpload;
import us.kbase.caching.store.s3.upload.PartPlan;
import us.kbase.caching.store.s3.upload.PartThrottle;
import us.kbase.caching.store.s3.upload.UnsizedUpload;
import us.kbase.caching.store.s3.write.Deletion;
import us.kbase.caching.store.s3.write.MarkedWrite;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.store.s3.write.WriteMark;
import us.kbase.caching.stream.ByteSource;

/** A bucket of any S3 server. One instance per event loop; the budgets are shared by all. */
public final class S3ObjectStore implements ObjectStore {

    private static final long SINGLE_PART_BYTES_MAX = PartPlan.PART_BYTES_MIN + Body.SLACK_BYTES;
    private static final Duration ABORT_AGAIN = Duration.ofSeconds(5);

    /** Of a listed key while its page is read: its XML, and what the SDK makes of it. */
    private static final int LISTED_BYTES = 4 * 1024;

    private final Vertx vertx;
    private final S3Calls calls;
    private final UploadCalls uploads;
    private final UploadMeans means;
    private final S3Connection connection;
    private final BucketCheck check;
    private final S3Upkeep upkeep;
    private final UploadAborter left;
    private final UnsizedUpload collecting;
    private final PartThrottle turns;

    /** A store for the current event loop, which teaches nobody its time. */
    public S3ObjectStore(Vertx vertx, S3Connection connection, UploadMeans means) {
        this(vertx, connection, means, new StoreTime(InstantSource.system()));
    }

    /** A store for the current event loop. */
    public S3ObjectStore(Vertx vertx, S3Connection connection, UploadMeans means, StoreTime time) {
        this.vertx = vertx;
        this.connection = connection;
        this.calls = new S3Calls(vertx, connection, time, means.transfers(), means.load());
        this.means = means;
        this.uploads = new UploadCalls(calls, connection.waitMax(), means.checksums());
        this.collecting = new UnsizedUpload(vertx, means.collecting(), connection.waitMax());
        this.turns = new PartThrottle(vertx, System::nanoTime);
        calls.connections().onLook(turns::looked);
        this.check = new BucketCheck(calls, connection, time);
        this.upkeep = new S3Upkeep(vertx, calls);
        this.left =
                new UploadAborter(vertx, calls, time, new UploadAborter.RetryTimes(means.uploadGrace(), ABORT_AGAIN));
    }

    @Override
    public Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return calls.look(key).map(found -> found.map(Observation::stored));
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return calls.ifThere(calls.get(key, range, etag))
                .map(found -> found.map(this::timed))
                .recover(cause -> S3Errors.code(cause).equals("InvalidRange")
                        ? head(key)
                                .compose(found -> Future.failedFuture(new Failure.RangeNotSatisfiable(
                                        found.map(Stored::lengthBytes).orElse(0L))))
                        : Future.failedFuture(cause));
    }

    private Download timed(Download got) {
        return new Download(got.stored(), got.startBytes(), got.lengthBytes(), new TimedSource(vertx, got.bytes()));
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        Map<String, String> marked = WriteMark.on(metadata);
        Optional<Buffer> small = body.inMemory().filter(S3ObjectStore::isSmall);
        if (small.isPresent()) {
            Buffer content = small.get();
            Digest checksum = checksum(content);
            return publish(key, marked, guard, write -> calls.put(key, content, checksum, write));
        }
        BodySplitter splitter = new BodySplitter(body.bytes());
        long bound = body.lengthMaxBytes();
        Future<String> published;
        if (bound >= SINGLE_PART_BYTES_MAX) {
            PartPlan plan = PartPlan.of(bound, means.partBytes());
            published = multipart(key, marked, guard, upload -> upload.stream(splitter, plan, Body.SLACK_BYTES + 64));
        } else if (bound != Body.UNKNOWN) {
            published = single(key, splitter, body, marked, guard);
        } else {
            published = unsized(key, splitter, marked, guard);
        }
        return published.onFailure(cause -> splitter.cancel());
    }

    /** Up to 5 MiB: held while there is room, else one streamed part of the length that forms usually have. */
    private Future<String> single(
            String key, BodySplitter splitter, Body body, Map<String, String> metadata, Guard guard) {
        return collecting
                .whileRoom(splitter, body.lengthMaxBytes())
                .compose(held -> (splitter.ended()
                                ? whole(key, held, metadata, guard)
                                : multipart(
                                        key,
                                        body.likelyBytes() == 0
                                                ? uploads.openEmpty(key, metadata)
                                                : uploads.open(key, metadata),
                                        metadata,
                                        guard,
                                        upload -> guessed(
                                                upload,
                                                held.drainedInto(splitter.atMost(Long.MAX_VALUE)),
                                                body.likelyBytes())))
                        .onComplete(done -> held.release()));
    }

    /** Of unknown length: collected part by part; what ends within 64 KiB is put by one call. */
    private Future<String> unsized(String key, BodySplitter splitter, Map<String, String> metadata, Guard guard) {
        return collecting
                .begin(splitter)
                .compose(begun -> (begun.ended()
                                ? whole(key, begun.held(), metadata, guard)
                                : multipart(key, metadata, guard, upload -> collecting.parts(upload, begun)))
                        .onComplete(done -> begun.held().release()));
    }

    private Future<String> whole(String key, HeldBody held, Map<String, String> metadata, Guard guard) {
        if (held.length() == 0) {
            // An empty file as one part: its ETag is then not that of the original's empty placeholder.
            return multipart(
                    key, uploads.openEmpty(key, metadata), metadata, guard, upload -> upload.memory(1, ByteSource.END));
        }
        Digest checksum = held.checksum(means.checksums().algorithm());
        return publish(
                key,
                metadata,
                guard,
                write -> held.onePiece()
                        .filter(S3ObjectStore::isSmall)
                        .map(piece -> calls.put(key, piece, checksum, write))
                        .orElseGet(() -> calls.put(key, held.source(), held.length(), checksum, write)));
    }

    private Digest checksum(Buffer content) {
        RunningDigest digest = RunningDigest.of(means.checksums().algorithm());
        digest.update(content);
        return digest.digest();
    }

    private static Future<Void> guessed(MultipartUpload upload, ByteSource body, long lengthBytes) {
        AssumedLengthBody bytes = new AssumedLengthBody(body, lengthBytes);
        return upload.once(bytes, lengthBytes).onComplete(done -> bytes.end());
    }

    private Future<String> multipart(
            String key, Map<String, String> metadata, Guard guard, Function<MultipartUpload, Future<Void>> send) {
        return multipart(key, uploads.open(key, metadata), metadata, guard, send);
    }

    private Future<String> multipart(
            String key,
            Future<NewUpload> opening,
            Map<String, String> metadata,
            Guard guard,
            Function<MultipartUpload, Future<Void>> send) {
        return opening.onSuccess(opened -> left.endOlder(key, opened.id()))
                .compose(opened -> multipart(key, opened, metadata, guard, send));
    }

    private Future<String> multipart(
            String key,
            NewUpload opened,
            Map<String, String> metadata,
            Guard guard,
            Function<MultipartUpload, Future<Void>> send) {
        return Future.succeededFuture(new MultipartUpload(
                        vertx,
                        (k, id, number, bytes, length) -> uploads.part(k, opened, number, bytes, length),
                        calls.retries(),
                        means.retention(),
                        turns,
                        key,
                        opened.id()))
                .compose(upload -> send.apply(upload)
                        .compose(v -> publish(
                                key,
                                metadata,
                                guard,
                                write -> calls.complete(
                                        key,
                                        upload.id(),
                                        upload.parts(),
                                        opened.checksum().map(upload::checksum),
                                        write)))
                        .recover(cause -> left.abort(upload.settled(), key, upload.id())
                                .transform(aborted -> Future.failedFuture(cause))));
    }

    private static boolean isSmall(Buffer content) {
        return content.length() > 0 && content.length() <= ObjectCalls.CONTENT_BYTES_MAX;
    }

    private Future<String> publish(
            String key, Map<String, String> metadata, Guard guard, Function<WriteAttempt, Future<String>> trial) {
        return new MarkedWrite(vertx, calls, key, metadata, guard, trial).run();
    }

    @Override
    public Future<Void> delete(String key) {
        return new Deletion(vertx, calls, key).run();
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return means.answers()
                .during(
                        vertx,
                        (long) limit * LISTED_BYTES,
                        OnBehalf.user(),
                        connection.waitMax(),
                        paid -> calls.list(after, limit).map(listed -> Listings.objects(listed, after, limit)));
    }

    @Override
    public Future<Void> prepare() {
        return check.prepare();
    }

    /** Whether the bucket is there; makes none. Fails as {@link #prepare}. */
    public Future<Boolean> exists() {
        return check.exists();
    }

    /** Asks for the bucket and what may be done with it, and changes nothing. Fails as {@link #prepare}. */
    public Future<FoundBucket> look() {
        return check.look();
    }

    @Override
    public Future<Void> close() {
        calls.close();
        return Future.succeededFuture();
    }
}
