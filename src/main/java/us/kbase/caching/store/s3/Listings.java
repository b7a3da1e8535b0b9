package us.kbase.caching.store.s3;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.S3Errors;

/**
 * What S3 lists, in our words. The SDK takes any XML for an answer and leaves out what is not in it: an answer without what was asked
 * for is none. Fails with {@link Failure.Upstream}. Any thread.
 */
final class Listings {

    /** Of the bytes of keys, in which S3 lists them. */
    private static final Comparator<String> ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private Listings() {}

    /** A page of at most so many objects, behind that key. */
    static Page objects(ListObjectsV2Response listed, String after, int limit) {
        ofAll(listed.prefix());
        boolean more = there(listed.isTruncated(), "word of whether there is more");
        List<Listed> objects = new ArrayList<>();
        listed.contents()
                .forEach(object ->
                        objects.add(new Listed(named(object.key(), "key"), there(object.lastModified(), "time"))));
        long behind = objects.stream()
                .map(Listed::key)
                .filter(key -> ORDER.compare(key, after) > 0)
                .distinct()
                .count();
        if (objects.size() > limit || behind < objects.size()) {
            throw unfit("another page than the one asked for");
        }
        while (more && !objects.isEmpty() && isDamaged(objects.getLast().key())) {
            objects.removeLast(); // behind such a key nobody could go on; the next page begins with it
        }
        if (more && objects.isEmpty()) {
            throw stuck();
        }
        return new Page(objects, more);
    }

    /** A server that does not know {@code encoding-type} (versitygw) has no way to write some characters. */
    private static boolean isDamaged(String key) {
        return key.indexOf('\uFFFD') >= 0;
    }

    private static void ofAll(@Nullable String prefix) {
        if (prefix != null && !prefix.isEmpty()) {
            throw unfit("only keys that begin with something");
        }
    }

    /** Open uploads. */
    static List<OpenUpload> uploads(ListMultipartUploadsResponse listed) {
        if (listed.isTruncated() == null) {
            throw unfit("no word of whether there is more");
        }
        return listed.uploads().stream()
                .map(upload -> new OpenUpload(
                        named(upload.key(), "key"),
                        named(upload.uploadId(), "upload id"),
                        there(upload.initiated(), "time")))
                .toList();
    }

    /** A page of them, behind that one. */
    static OpenUpload.Page page(ListMultipartUploadsResponse listed, Optional<OpenUpload> after) {
        ofAll(listed.prefix());
        List<OpenUpload> uploads = uploads(listed);
        boolean more = Boolean.TRUE.equals(listed.isTruncated());
        if (more
                && (uploads.isEmpty()
                        || after.filter(last -> !isBehind(last, uploads.getLast()))
                                .isPresent())) {
            throw stuck();
        }
        return new OpenUpload.Page(uploads, more);
    }

    /** Of one key they come in an order of the server's own. */
    private static boolean isBehind(OpenUpload last, OpenUpload next) {
        return ORDER.compare(next.key(), last.key()) >= 0 && !next.equals(last);
    }

    /** What an answer must say. */
    static <T> T there(@Nullable T said, String what) {
        if (said == null) {
            throw unfit("no " + what);
        }
        return said;
    }

    /** The same of a name, which is not empty: a request on an upload without a name is one on the object. */
    static String named(@Nullable String said, String what) {
        return there(said == null || said.isEmpty() ? null : said, what);
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
