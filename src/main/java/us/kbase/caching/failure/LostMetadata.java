package us.kbase.caching.failure;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A store, or what stands before it, gave an object back without all of the metadata that it was written with. By these it is known
 * whose a result is, so that such a store can serve nobody.
 */
public final class LostMetadata extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * A finding; it carries no stack trace, since it tells of an answer.
     *
     * @param names of the metadata that are not there
     */
    public LostMetadata(Collection<String> names) {
        super("it lost or renamed the metadata " + names, null, false, false);
    }

    /** Whether this is what a failure comes from. */
    public static boolean isBelow(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof LostMetadata) {
                return true;
            }
        }
        return false;
    }

    /** Fails where not everything that was written is found. */
    public static void check(Map<String, String> written, Map<String, String> found) {
        TreeSet<String> missing = new TreeSet<>(written.keySet());
        missing.removeIf(name -> Objects.equals(written.get(name), found.get(name)));
        if (!missing.isEmpty()) {
            throw new LostMetadata(missing).failure();
        }
    }

    /** The same as what a request fails with, which says what to do. */
    public Failure.Upstream failure() {
        return new Failure.Upstream(
                "The object store does not keep metadata, by which a result's owner is known: " + getMessage()
                        + "; use a server that keeps x-amz-meta-* as they are sent, or take away the proxy that changes"
                        + " them, and start again",
                this);
    }
}
