package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.s3.client.S3Calls;

/** When an open upload last got a part: one that still gets them is alive, however long ago it was begun. Event loop only. */
final class LastPart {

    private final S3Calls calls;
    private final OpenUpload upload;
    private final Instant since;
    private int behind;

    private LastPart(S3Calls calls, OpenUpload upload, Instant since) {
        this.calls = calls;
        this.upload = upload;
        this.since = since;
    }

    /** Whether the upload got a part after that time; not where it is gone. Fails where the store does not say so. */
    static Future<Boolean> cameSince(Instant time, OpenUpload upload, S3Calls calls) {
        LastPart look = new LastPart(calls, upload, time);
        return Steps.until(look::page);
    }

    /** Parts are listed by their numbers, so the last one may be on any page. */
    private Future<Optional<Boolean>> page() {
        return calls.ifThere(calls.parts(upload.key(), upload.id(), behind))
                .map(found -> found.map(this::came).orElse(Optional.of(false)));
    }

    private Optional<Boolean> came(ListPartsResponse page) {
        boolean same = page.key() == null || upload.key().equals(page.key());
        if (!same || !upload.id().equals(page.uploadId())) {
            throw Listings.unfit("parts of another upload");
        }
        if (page.parts().stream()
                .anyMatch(part -> Listings.there(part.lastModified(), "time").isAfter(since))) {
            return Optional.of(true);
        }
        if (!Boolean.TRUE.equals(page.isTruncated())) {
            return Optional.of(false);
        }
        int next = Listings.there(page.nextPartNumberMarker(), "marker");
        if (next <= behind) {
            throw Listings.stuck();
        }
        behind = next;
        return Optional.empty();
    }
}
