package us.kbase.caching.store.s3.error;

import us.kbase.caching.failure.LostMetadata;

/** The server's answer does not fit the request: nothing of it is passed on or taken for news. */
public final class AnswerMismatch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An answer that was looked through.
     *
     * @param complaint what does not fit, without anything of the object's content
     */
    public AnswerMismatch(String complaint) {
        super(complaint, null, false, false);
    }

    /** An answer without the metadata that its object was written with. */
    public AnswerMismatch(LostMetadata lost) {
        super(lost.getMessage(), lost, false, false);
    }
}
