package us.kbase.caching.store.s3.error;

/** The server answered a request of ours with an error. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    /**
     * An answer.
     *
     * @param code S3's own, empty where the answer has no body
     */
    public Refused(int status, String code) {
        super(status + " " + code, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
