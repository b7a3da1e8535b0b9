package us.kbase.caching.stress.compare;

import java.nio.file.Path;

/**
 * A gateway's program.
 *
 * @param name what its figures are told under
 * @param launcher the program that starts it
 */
public record Build(String name, Path launcher) {

    /** The one of this checkout. */
    public static Build measured(Path launcher) {
        return new Build("gateway", launcher);
    }

    /** The one that it is compared with, in a checkout of its own. */
    static Build before(Path checkout) {
        return new Build("before", checkout.resolve("caching-service"));
    }
}
