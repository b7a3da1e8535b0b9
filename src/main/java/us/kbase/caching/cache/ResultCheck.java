package us.kbase.caching.cache;

import java.util.Optional;

/**
 * What a caller demands of the result that is there before it is replaced or removed. Asked once the caller's rights are known, and
 * again whenever the entry changed; the store's own condition ties the answer to the change.
 */
@FunctionalInterface
public interface ResultCheck {

    /** Demands nothing. */
    ResultCheck NONE = present -> {};

    /**
     * Returns if the change may be made, and throws the failure that refuses it otherwise.
     *
     * @param present the living result; nothing while there is a placeholder
     */
    void check(Optional<Entry.File> present);
}
