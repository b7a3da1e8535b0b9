package us.kbase.caching.store.s3.error;

import java.io.IOException;

/** No connection could be had, so the server has seen nothing of the request. */
public final class NotSent extends IOException {

    private static final long serialVersionUID = 1L;

    /** A request that stayed here. */
    public NotSent(Throwable cause) {
        super("no connection: " + cause.getMessage(), cause);
    }
}
