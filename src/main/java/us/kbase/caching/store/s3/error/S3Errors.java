package us.kbase.caching.store.s3.error;

import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Conflict;

/** What the SDK throws, in our words. */
public final class S3Errors {

    private static final Logger log = LoggerFactory.getLogger(S3Errors.class);

    private static final Set<String> NO_TAGS = Set.of("AccessDenied", "NotImplemented", "MethodNotAllowed");

    private S3Errors() {}

    public static Throwable named(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof Failure || t instanceof Conflict) {
                return t; // the body's own failure, wrapped by the SDK
            }
        }
        return switch (cause) {
            case S3Exception s3 -> named(s3.statusCode(), code(s3), s3);
            case Refused refused -> named(refused.status(), refused.code(), refused);
            default -> new Failure.Upstream("The object store cannot be reached", cause);
        };
    }

    private static Throwable named(int status, String code, Throwable cause) {
        boolean conflict = status == 412 || status == 409 && code.equals("ConditionalRequestConflict");
        if (conflict) {
            return new Conflict();
        }
        if (status == 507) {
            return new Failure.StorageFull(cause);
        }
        String lacking = lacks(status, code) ? ": it lacks what is needed; use one with conditional writes" : "";
        return new Failure.Upstream("The object store answered " + (status + " " + code).strip() + lacking, cause);
    }

    private static String code(S3Exception s3) {
        return s3.awsErrorDetails() == null || s3.awsErrorDetails().errorCode() == null
                ? ""
                : s3.awsErrorDetails().errorCode();
    }

    /** The HTTP status below a failure, 0 without one. */
    public static int status(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof S3Exception s3) {
                return s3.statusCode();
            }
            if (t instanceof Refused refused) {
                return refused.status();
            }
        }
        return 0;
    }

    private static boolean lacks(int status, String code) {
        return status == 501 && code.equals("NotImplemented");
    }

    /** Whether the server says that it cannot do what was asked: it will not learn it while we run. */
    public static boolean lacks(Throwable failure) {
        return lacks(status(failure), code(failure));
    }

    /** S3's own code below a failure, empty without one. */
    public static String code(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof S3Exception s3) {
                return code(s3);
            }
            if (t instanceof Refused refused) {
                return refused.code();
            }
        }
        return "";
    }

    /** Whether the same call may go well soon: the connection broke, or the server has trouble or too much to do. */
    public static boolean mayPass(Throwable failure) {
        int status = status(failure);
        return failure instanceof Failure.Upstream
                && !ServerSilent.below(failure)
                && (status == 0 || status == 429 || status >= 500);
    }

    /** Whether the server says that it keeps no object tags, or none for our key; any other refusal may pass. */
    public static boolean refusesTags(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof S3Exception s3) {
                return NO_TAGS.contains(code(s3));
            }
            if (t instanceof Refused refused) {
                return NO_TAGS.contains(refused.code());
            }
        }
        return false;
    }

    public static void logCleanup(Throwable cause) {
        log.debug("Clean-up towards the object store: {}", cause.toString());
    }
}
