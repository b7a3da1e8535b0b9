package us.kbase.caching.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Holds a key, a token or a password; its text form is {@code ***}, so that no message and no record shows it. Immutable. */
public final class Secret {

    private final String value;

    /** Wraps a value, which may be empty. */
    public Secret(String value) {
        this.value = value;
    }

    /** Gives the value to whoever signs or compares with it. */
    public String reveal() {
        return value;
    }

    /** Tells whether two secrets are the same, in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
