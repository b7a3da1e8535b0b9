package us.kbase.caching.cli.client;

import java.io.IOException;

/** Nobody answered, or the answer broke off: whether the request was carried out is not known. */
public final class Unreachable extends IOException {

    private static final long serialVersionUID = 1L;

    Unreachable(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** A failure that a whole sentence tells. */
    public Unreachable(String sentence) {
        super(sentence);
    }
}
