package us.kbase.caching.testing;

import java.util.Map;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Stored;

/** A result as the original service wrote it, whose use is noted from the first download on. */
public final class OriginalsResult {

    private OriginalsResult() {}

    /** That of an id. */
    public static Entry.File of(CacheId id) {
        Map<String, String> metadata = Map.of("expiration", "9999999999", "filename", "f", "token_id", "url:user");
        return new Entry.File("url:user", "f", 9_999_999_999L, new Stored(id.value(), "\"etag\"", 1, metadata));
    }
}
