package us.kbase.caching.store.s3;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.multipart.NewUpload;

/**
 * What S3 lists, in our words. The SDK takes any XML for an answer and leaves out what is not in it: an answer without what was asked
 * for is none. Fails with {@link Failure.Upstream}. Any thread.
 */
final class Listings {

    private Listings() {}

    /** The objects of a page. */
    static List<Listed> objects(ListObjectsV2Response page) {
        return page.contents().stream()
                .map(object -> new Listed(there(object.key(), "key"), there(object.lastModified(), "time")))
                .toList();
    }

    /** Open uploads. */
    static List<OpenUpload> uploads(ListMultipartUploadsResponse listed) {
        return listed.uploads().stream()
                .map(upload -> new OpenUpload(
                        there(upload.key(), "key"),
                        there(upload.uploadId(), "upload id"),
                        there(upload.initiated(), "time")))
                .toList();
    }

    /** A page of them, behind that one. */
    static OpenUpload.Page page(ListMultipartUploadsResponse listed, Optional<OpenUpload> after) {
        List<OpenUpload> uploads = uploads(listed);
        boolean more = Boolean.TRUE.equals(listed.isTruncated());
        if (more
                && (uploads.isEmpty() || after.filter(uploads.getLast()::equals).isPresent())) {
            throw stuck();
        }
        return new OpenUpload.Page(uploads, more);
    }

    /** An upload that was opened, which has a name. */
    static NewUpload upload(NewUpload opened) {
        return new NewUpload(there(opened.id(), "upload id"), opened.checksum());
    }

    /** What an answer must say. */
    static <T> T there(@Nullable T said, String what) {
        if (said == null) {
            throw unfit("no " + what);
        }
        return said;
    }

    /** An answer that is none to what was asked. */
    static Failure.Upstream unfit(String why) {
        return S3Errors.unfit(new AnswerMismatch(why));
    }

    /** A page behind which nobody could go on. */
    static Failure.Upstream stuck() {
        return unfit("a listing that does not get on");
    }
}
