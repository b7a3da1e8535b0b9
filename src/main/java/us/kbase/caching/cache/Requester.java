package us.kbase.caching.cache;

/**
 * Identifies a caller to the rules.
 *
 * @param tokenId what owners are compared with
 * @param role what may be done with others' entries
 */
public record Requester(String tokenId, Role role) {

    /** Somebody without special rights. */
    public static Requester user(String tokenId) {
        return new Requester(tokenId, Role.USER);
    }

    /** Somebody with an administrator's rights. */
    public static Requester administrator(String tokenId) {
        return new Requester(tokenId, Role.ADMINISTRATOR);
    }

    /** What may be done with others' entries. */
    public enum Role {
        /** Nothing. */
        USER,
        /** List, show and delete them, and expire what is due; not read their files. */
        ADMINISTRATOR
    }
}
