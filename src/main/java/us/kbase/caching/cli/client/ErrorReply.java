package us.kbase.caching.cli.client;

import java.io.IOException;

/** The server answered, and its answer is not the wanted one. The message is a sentence with the server's own words. */
public final class ErrorReply extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int SERVER_FAULT = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final int status;

    ErrorReply(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Tells whether there is no such entry, or none with a result. */
    public boolean isNotFound() {
        return status == NOT_FOUND;
    }

    /** Tells whether the result is another one than was asked for. */
    public boolean isChanged() {
        return status == PRECONDITION_FAILED;
    }

    /** Tells whether a lease does not hold any more. */
    public boolean isConflict() {
        return status == CONFLICT;
    }

    /** Tells whether the same question may be answered otherwise later: the fault is the server's and passes. */
    public boolean mayPass() {
        return status >= SERVER_FAULT && status != NOT_IMPLEMENTED;
    }
}
