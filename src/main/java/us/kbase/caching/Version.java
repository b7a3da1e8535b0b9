package us.kbase.caching;

import java.util.Objects;

/** Which version of this program runs. */
public final class Version {

    private Version() {}

    /** What the jar's manifest names; {@code unpackaged} where there is no jar. */
    public static String own() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "unpackaged");
    }
}
