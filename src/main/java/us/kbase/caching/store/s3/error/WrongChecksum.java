package us.kbase.caching.store.s3.error;

/** The server computed another checksum of what it received than we of what we sent. What it keeps is not what was sent. */
public final class WrongChecksum extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A finding; it carries no stack trace, since it tells of an answer. */
    public WrongChecksum(String sent, String received) {
        super("sent " + sent + ", the server has " + received, null, false, false);
    }
}
