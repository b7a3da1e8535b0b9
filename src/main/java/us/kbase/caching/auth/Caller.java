package us.kbase.caching.auth;

/**
 * Who is asking; never holds the token.
 *
 * @param tokenId the auth server's URL exactly as configured, a colon and the user: what cache ids and owners are made of
 */
public record Caller(String tokenId) {}
