package us.kbase.caching.auth;

/**
 * Who is asking; never holds the token.
 *
 * @param tokenId the auth server's URL exactly as configured, a colon and the user: what cache ids and owners are made of
 * @param admin whether one of the configured administrators' roles is the caller's: may list, delete and expire everybody's
 */
public record Caller(String tokenId, boolean admin) {
    /** A caller without special rights. */
    public Caller(String tokenId) {
        this(tokenId, false);
    }

    /** The user's name at the auth server: no name holds a colon, and URLs do. */
    public String user() {
        return tokenId.substring(tokenId.lastIndexOf(':') + 1);
    }
}
