package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.Tag;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.store.s3.client.Presigner;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.write.S3Removal;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.text.Decimal;

/** Upkeep of a bucket: strikes by presigned requests, last use as an object tag. */
final class S3Upkeep implements Upkeep {

    private static final String TAG = "last-used";
    private static final int DAY_DIGITS_MAX = 9;

    private final Vertx vertx;
    private final S3Calls calls;
    private final Presigner presigner;

    S3Upkeep(Vertx vertx, S3Calls calls) {
        this.vertx = vertx;
        this.calls = calls;
        this.presigner = new Presigner(calls.requests());
    }

    @Override
    public Duration strikeWindow() {
        return WriteLife.GOOD_FOR;
    }

    @Override
    public boolean etagNamesVersion() {
        return false;
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        return calls.look(key);
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        Buffer content =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        String key = seen.stored().key();
        Map<String, String> headers = new LinkedHashMap<>();
        marker.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        headers.put("If-Match", seen.stored().etag());
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Length", Integer.toString(content.length()));
        RequestOptions put = presigner.sign(SdkHttpMethod.PUT, key, headers, seen.at(), WriteLife.GOOD_FOR);
        RequestOptions delete = presigner.sign(SdkHttpMethod.DELETE, key, Map.of(), seen.at(), WriteLife.GOOD_FOR);
        WriteLife life = calls.newWrite();
        life.begin(seen.at());
        return new S3Removal(
                vertx,
                life,
                () -> calls.putSigned(put, content, WriteLife.GOOD_FOR),
                () -> calls.deleteSigned(delete, WriteLife.GOOD_FOR));
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return calls.ifThere(calls.tags(key))
                .map(found -> found.map(S3Upkeep::day).orElse(OptionalLong.empty()))
                .recover(cause -> S3Errors.keepsNoTags(cause)
                        ? Future.succeededFuture(OptionalLong.empty())
                        : Future.failedFuture(cause));
    }

    /** A day that cannot be read is not none: whoever takes a result for unused removes it. */
    private static OptionalLong day(GetObjectTaggingResponse tags) {
        if (!tags.hasTagSet()) {
            throw Listings.unfit("no tag set");
        }
        List<Tag> ours =
                tags.tagSet().stream().filter(tag -> TAG.equals(tag.key())).toList();
        if (ours.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong day = Decimal.parse(Listings.there(ours.getFirst().value(), "day"), DAY_DIGITS_MAX);
        if (ours.size() > 1 || day.isEmpty()) {
            throw Listings.unfit("a day of last use that cannot be read");
        }
        return day;
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return calls.ifThere(calls.tag(key, TAG, Long.toString(epochDay)))
                .recover(cause -> Future.failedFuture(
                        S3Errors.keepsNoTags(cause)
                                ? new UnsupportedOperationException("The store keeps no object tags", cause)
                                : cause))
                .mapEmpty();
    }

    @Override
    public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        return calls.openUploads(list -> {
                    list.maxUploads(limit);
                    after.ifPresent(last -> list.keyMarker(last.key()).uploadIdMarker(last.id()));
                })
                .map(listed -> Listings.page(listed, after));
    }

    @Override
    public Future<Boolean> gotPartSince(Instant time, OpenUpload upload) {
        return LastPart.cameSince(time, upload, calls);
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return calls.ifThere(calls.abort(upload.key(), upload.id())).mapEmpty();
    }
}
