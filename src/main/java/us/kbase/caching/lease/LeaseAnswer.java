package us.kbase.caching.lease;

import java.util.Map;
import java.util.Optional;

/** What a client that asked for a lease gets. */
public sealed interface LeaseAnswer {

    /** The file is there; its three metadata. */
    record Ready(Map<String, String> metadata) implements LeaseAnswer {}

    /**
     * The client may compute.
     *
     * @param secret to be shown with renewal, release and upload
     * @param fencing grows with every lease of the id
     * @param deadlineSeconds when somebody else may take it over
     */
    record Leased(String secret, long fencing, long deadlineSeconds) implements LeaseAnswer {}

    /** Somebody else computes, or nobody does and the client would not either. */
    record Pending(Optional<LeaseRecord.Held> held) implements LeaseAnswer {}
}
