package us.kbase.caching.store.disk;

import java.io.IOException;

/**
 * What lies in an object's place is no whole object: a positive finding, told from what the disk gave. A disk that fails to answer
 * is any other {@link IOException}, and says nothing about the object.
 */
final class DamagedFile extends IOException {

    private static final long serialVersionUID = 1;

    private final String how;

    /** A finding; the message says how the damage shows, for the log. */
    DamagedFile(String how) {
        super(how);
        this.how = how;
    }

    /** How the damage shows. */
    String how() {
        return how;
    }
}
