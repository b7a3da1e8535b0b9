package us.kbase.caching.stress.load;

/** A call that did not end as it must; the message is the kind of error that the report counts. */
public final class CallFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A kind of error, without anything that differs from call to call. */
    public CallFailed(String kind) {
        super(kind, null, false, false);
    }

    /** The kind of error of any exception. */
    public static String kind(Throwable cause) {
        if (cause instanceof CallFailed) {
            return cause.getMessage();
        }
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof java.util.concurrent.TimeoutException || text.contains("timeout")) {
            return "no progress in time";
        }
        if (text.contains("reset")) {
            return "connection reset";
        }
        if (text.contains("closed") || text.contains("Broken pipe")) {
            return "connection closed";
        }
        if (text.contains("refused")) {
            return "connection refused";
        }
        return cause.getClass().getSimpleName()
                + (cause.getMessage() == null
                        ? ""
                        : ": " + text.lines().findFirst().orElse(""));
    }
}
