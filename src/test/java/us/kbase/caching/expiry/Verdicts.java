package us.kbase.caching.expiry;

import us.kbase.caching.cache.Entry;

/** What a sweep does with an entry, for tests outside of this room. */
public final class Verdicts {

    private Verdicts() {}

    /** The verdict's name. */
    public static String of(Entry entry, boolean etagNamesVersion, long nowEpochSeconds) {
        return Verdict.of(entry, etagNamesVersion, nowEpochSeconds).name();
    }
}
