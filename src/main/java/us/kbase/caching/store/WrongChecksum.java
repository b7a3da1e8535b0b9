package us.kbase.caching.store;

import java.util.Optional;

/** The server computed another checksum of what it received than we of what we sent. What it keeps is not what was sent. */
public final class WrongChecksum extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Of the object that it made of those bytes; empty where it made none, or did not name it. */
    private final String etag;

    /**
     * A finding; it carries no stack trace, since it tells of an answer.
     *
     * @param etag of the object that was published of what was received; empty where none was, or its name is unknown
     */
    public WrongChecksum(String sent, String received, String etag) {
        super("sent " + sent + ", the server has " + received, null, false, false);
        this.etag = etag;
    }

    /** The ETag under which a failed write published other bytes than were sent; nothing where it is not known to have done so. */
    public static Optional<String> published(Throwable failure) {
        return failure.getCause() instanceof WrongChecksum found && !found.etag.isEmpty()
                ? Optional.of(found.etag)
                : Optional.empty();
    }
}
