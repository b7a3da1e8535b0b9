package us.kbase.caching.failure;

import java.net.UnknownHostException;

/** Why something failed, in words for an operator. */
public final class Reason {

    private static final int DEPTH_MAX = 16;

    private Reason() {}

    /** What failed, and the innermost cause of it, in the fullest form: what lies between are wrappers that name themselves. */
    public static String of(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < DEPTH_MAX && innermost.getCause() != null; i++) {
            Throwable inner = innermost.getCause();
            if (innermost != failure && saysMore(innermost, inner)) {
                break;
            }
            innermost = inner;
        }
        String what = String.valueOf(failure.getMessage());
        return innermost == failure || innermost.getMessage() == null ? what : what + ": " + words(innermost);
    }

    /** The transport's errors repeat their cause and add the address. */
    private static boolean saysMore(Throwable outer, Throwable inner) {
        return inner.getMessage() != null && String.valueOf(outer.getMessage()).startsWith(inner.getMessage() + ":");
    }

    private static String words(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof UnknownHostException
                ? "the host name " + message.replaceFirst(":.*", "") + " is not known here"
                : message;
    }
}
