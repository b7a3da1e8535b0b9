package us.kbase.caching.store.s3.error;

import java.util.Arrays;
import java.util.List;

/**
 * What S3's error codes mean for whoever runs the gateway: a row for each. A code decides, not a status: 403 alone may come from a
 * proxy, a clock or a policy that is not there yet.
 */
public enum Refusal {
    /** The access key is not known. */
    UNKNOWN_KEY(
            Outcome.FINAL,
            "does not know the access key",
            "check store.s3.access-key (MINIO_ACCESS_KEY)",
            "InvalidAccessKeyId"),
    /** The secret key is not that of the access key. */
    WRONG_SECRET(
            Outcome.FINAL,
            "refuses the key's signature",
            "check store.s3.secret-key (MINIO_SECRET_KEY), which belongs to the access key",
            "SignatureDoesNotMatch"),
    /** Temporary credentials are over or damaged. */
    WRONG_SESSION(
            Outcome.FINAL,
            "refuses the session token",
            "get new temporary credentials, and set access-key, secret-key and session-token of store.s3 together",
            "ExpiredToken",
            "InvalidToken",
            "InvalidTokenId",
            "TokenRefreshRequired"),
    /** Requests are signed for another region than the bucket's. */
    WRONG_REGION(
            Outcome.FINAL,
            "has the bucket in another region",
            "set store.s3.region to the bucket's region",
            "AuthorizationHeaderMalformed",
            "PermanentRedirect",
            "TemporaryRedirect",
            "IllegalLocationConstraintException",
            "InvalidRegion",
            "InvalidLocationConstraint",
            "XMinioInvalidRegion"),
    /** This machine's clock and the server's are apart; requests are dated by the server's clock from now on. */
    SKEWED(
            Outcome.PASSES,
            "has a clock that is far from this machine's",
            "set the clock of the one that is wrong (NTP); until then its time is used",
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "AccessDeniedTimeSkew"),
    /** The key is known, and may not do what is needed. */
    DENIED(
            Outcome.FINAL,
            "does not let the key use the bucket",
            "allow the key s3:ListBucket and s3:ListBucketMultipartUploads on the bucket, and s3:GetObject, s3:PutObject,"
                    + " s3:DeleteObject, s3:GetObjectTagging, s3:PutObjectTagging and s3:AbortMultipartUpload on its objects",
            "AccessDenied",
            "AllAccessDisabled",
            "AccountProblem",
            "InvalidPayer"),
    /** The bucket is missing, and the key may not make it. */
    NOT_MADE(
            Outcome.FINAL,
            "has no such bucket and does not let the key make it",
            "make the bucket, or allow the key s3:CreateBucket; check store.s3.bucket"),
    /** Somebody else's. */
    TAKEN(
            Outcome.FINAL,
            "has given the bucket's name to another account",
            "choose another store.s3.bucket",
            "BucketAlreadyExists"),
    /** The bucket is missing: seen while several gateways make it. */
    NO_BUCKET(
            Outcome.PASSES,
            "does not have the bucket",
            "nothing; it is made when the server is asked again",
            "NoSuchBucket"),
    /** No bucket can have the name. */
    BAD_BUCKET(
            Outcome.FINAL,
            "takes the bucket's name for none",
            "set store.s3.bucket to 3 to 63 of a-z, 0-9, '.' and '-'",
            "InvalidBucketName"),
    /** The server lacks what is needed. */
    NOT_IMPLEMENTED(
            Outcome.PASSES,
            "cannot do what is needed",
            "use a server with conditional writes (MinIO, AWS S3, versitygw from 1.8)",
            "NotImplemented"),
    /** There is no room for more. */
    FULL(
            Outcome.PASSES,
            "has no space left",
            "make room, or run caching-service expire",
            "XMinioStorageFull",
            "InsufficientStorage"),
    /** Too much to do, or not yet begun. */
    BUSY(
            Outcome.PASSES,
            "has too much to do or has just started",
            "nothing; it is tried again",
            "SlowDown",
            "ServiceUnavailable",
            "InternalError",
            "RequestTimeout",
            "XMinioServerNotInitialized",
            "Busy"),
    /** An answer that no S3 server gives. */
    NO_S3(
            Outcome.PASSES,
            "answers what no S3 server answers",
            "check store.s3.endpoint: it is S3's own port, not that of a console or proxy, and begins with https:// where the"
                    + " server speaks TLS"),
    /** A code that is in no row. */
    OTHER(Outcome.PASSES, "refuses", "look into the server's log");

    /** Whether asking again may help. */
    public enum Outcome {
        /** The same answer will come until somebody changes something: a start ends with it. */
        FINAL,
        /** It may be over soon: a start goes on, and the store is asked again. */
        PASSES
    }

    private final Outcome outcome;
    private final String sentence;
    private final String remedy;
    private final List<String> codes;

    Refusal(Outcome outcome, String sentence, String remedy, String... codes) {
        this.outcome = outcome;
        this.sentence = sentence;
        this.remedy = remedy;
        this.codes = List.of(codes);
    }

    /** The row of an answer. */
    public static Refusal of(int status, String code) {
        if (code.isEmpty()) {
            return status >= 500 ? BUSY : NO_S3;
        }
        return Arrays.stream(values())
                .filter(row -> row.codes.contains(code))
                .findFirst()
                .orElse(OTHER);
    }

    /** Whether asking again may help. */
    public Outcome outcome() {
        return outcome;
    }

    /** The codes of this row. */
    public List<String> codes() {
        return codes;
    }

    /**
     * What happened and what to do, in one sentence.
     *
     * @param server the endpoint
     * @param details the answer's status and code, and what was asked for
     */
    public String sentence(String server, String details) {
        return "The S3 server at " + server + " " + sentence + " (" + details + "): " + remedy + ".";
    }
}
