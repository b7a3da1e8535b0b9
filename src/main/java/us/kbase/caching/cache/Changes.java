package us.kbase.caching.cache;

import us.kbase.caching.cache.id.CacheId;

/** Hears that an entry was published or removed. A hint for those who wait: nothing may depend on it. */
public interface Changes {

    /** Called once the change stands in the store. */
    void changed(CacheId id);
}
