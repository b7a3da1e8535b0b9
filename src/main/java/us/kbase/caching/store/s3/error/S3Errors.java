package us.kbase.caching.store.s3.error;

import io.netty.channel.ConnectTimeoutException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.LostMetadata;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.WrongChecksum;

/**
 * What the SDK throws and what S3 refuses, in our words. A status alone is no news: any balancer before the store says 404 too. Only
 * S3's own code denies that something is there, refuses for good, or turns a feature off (docs/adr/0045).
 */
public final class S3Errors {

    private static final Logger log = LoggerFactory.getLogger(S3Errors.class);

    /** A presigned request came when its life was over. */
    public static final String EXPIRED = "ExpiredPresignRequest";

    /** What was asked for is not there. That the bucket is not there either is a fault, and no news of the object. */
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchUpload");

    /** Says that nothing was begun, and that the same may go well soon. */
    private static final Set<String> TRY_AGAIN = Set.of(
            "BadDigest",
            "XAmzContentChecksumMismatch",
            "ConditionalRequestConflict",
            "OperationAborted",
            "RequestTimeout",
            "SlowDown",
            "SlowDownRead",
            "SlowDownWrite",
            "TooManyRequests",
            EXPIRED);

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
            case AnswerMismatch mismatch -> unfit(mismatch);
            default -> new Failure.Upstream("The object store cannot be reached", cause);
        };
    }

    /** An answer that is none to what was asked. */
    public static Failure.Upstream unfit(AnswerMismatch mismatch) {
        if (mismatch.getCause() instanceof LostMetadata lost) {
            return new Failure.Upstream(String.valueOf(lost.failure().getMessage()), mismatch);
        }
        return new Failure.Upstream(
                "The object store's answer does not fit what was asked: " + mismatch.getMessage(), mismatch);
    }

    private static Throwable named(int status, String code, Throwable cause) {
        if (code.equals("PreconditionFailed")) {
            return new Conflict();
        }
        if (status == 507) {
            return new Failure.StorageFull(cause);
        }
        String lacking = lacks(status, code) ? ": it lacks what is needed; use one with conditional writes" : "";
        return new Failure.Upstream("The object store answered " + (status + " " + code).strip() + lacking, cause);
    }

    private static String code(S3Exception s3) {
        String said = s3.awsErrorDetails() == null ? null : s3.awsErrorDetails().errorCode();
        if (said != null) {
            return said;
        }
        return s3.requestId() == null ? "" : ErrorText.codeOf(s3.statusCode());
    }

    /** Whether S3 says that what was asked for is not there. */
    public static boolean saysAbsent(Throwable failure) {
        return ABSENT.contains(code(failure));
    }

    /**
     * The server keeps other bytes than were sent: a definite answer, and no good one.
     *
     * @param etag of the object that it published of them; empty where it published none
     */
    public static Failure otherBytes(String sent, String received, String etag) {
        return new Failure.Upstream(
                "The object store received other bytes than were sent; send the file again",
                new WrongChecksum(sent, received, etag));
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
        return lacks(status(failure), code(failure)) || LostMetadata.isBelow(failure);
    }

    /** S3's own code below a failure; empty when what answered was not S3, or nothing did. */
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
                && !isConnectTimeout(failure)
                && !(failure.getCause() instanceof AnswerMismatch)
                && !(failure.getCause() instanceof WrongChecksum)
                && (status == 0 || status == 429 || status >= 500 && status != 501 || isNotBegun(failure));
    }

    /** Whether the server did nothing of it, and may do it when it is asked once more. */
    public static boolean isNotBegun(Throwable failure) {
        return TRY_AGAIN.contains(code(failure)) || isNotSent(failure);
    }

    /** Whether a write may have happened, or may yet: neither a good answer came nor a refusal of S3's own. */
    public static boolean isUnknown(Throwable failure) {
        boolean known = refuses(failure) || failure.getCause() instanceof WrongChecksum;
        return failure instanceof Failure.Upstream && !known && !isNotBegun(failure);
    }

    /** Whether S3 itself, and nobody on the way to it, refuses what was asked. */
    public static boolean refuses(Throwable failure) {
        return !code(failure).isEmpty() && status(failure) / 100 == 4;
    }

    /** Nobody answers at that address: asking again would only make the client wait as long once more. */
    private static boolean isConnectTimeout(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConnectTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNotSent(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof NotSent) {
                return true;
            }
        }
        return false;
    }

    /** Whether the server says that it keeps no object tags; any other refusal may pass. */
    public static boolean keepsNoTags(Throwable failure) {
        return code(failure).equals("NotImplemented");
    }

    public static void logCleanup(Throwable cause) {
        log.debug("Clean-up towards the object store: {}", cause.toString());
    }
}
