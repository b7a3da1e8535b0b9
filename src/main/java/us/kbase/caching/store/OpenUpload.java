package us.kbase.caching.store;

import java.time.Instant;
import java.util.List;

/**
 * A multipart upload that was neither completed nor aborted.
 *
 * @param key what it would become
 * @param id the store's name for it
 * @param begun when it was opened, by the store's clock
 */
public record OpenUpload(String key, String id, Instant begun) {

    /**
     * Some of them, in the store's order.
     *
     * @param more whether others follow the last one
     */
    public record Page(List<OpenUpload> uploads, boolean more) {

        /** There are none. */
        public static final Page NONE = new Page(List.of(), false);
    }
}
