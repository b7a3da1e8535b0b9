package us.kbase.caching.auth;

import java.io.IOException;

/** The auth server did not answer at all: no connection, or no whole reply in time. What it answers badly is something else. */
final class Unanswered extends IOException {

    private static final long serialVersionUID = 1;

    Unanswered(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
