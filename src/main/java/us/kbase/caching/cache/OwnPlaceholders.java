package us.kbase.caching.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import us.kbase.caching.cache.id.CacheId;

/**
 * The placeholders that this node wrote seconds ago: a job that makes its id and uploads at once need not look at what it has just
 * written. Nothing rests on this memory. The ETag of a placeholder is its own, and the upload is published only onto it; where it
 * is gone by then, the store says so, the entry is read and the rules decide. So nobody is refused from memory either. Any thread.
 */
public final class OwnPlaceholders {

    /** Of a short upload, which is made again from memory when the entry turns out to be another one. */
    static final Duration AGE_MAX = Duration.ofSeconds(10);

    /** Of a long upload, which would have sent all its bytes to an entry that is gone. */
    static final Duration AGE_OF_LONG_MAX = Duration.ofSeconds(1);

    private static final int REMEMBERED_MAX = 2_000;
    private static final long LONG_BYTES = 5L * 1024 * 1024;

    private final Cache<CacheId, Written> byId = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .executor(Runnable::run)
            .build();

    private record Written(String tokenId, String etag, Instant at) {
        /** Not at all when the clock went back meanwhile. */
        boolean isYoung(Duration ageMax, Instant now) {
            return !now.isBefore(at) && !now.isAfter(at.plus(ageMax));
        }
    }

    /** A placeholder was written where nothing was, at a time of the store. */
    void wrote(CacheId id, String tokenId, String etag, Instant at) {
        byId.put(id, new Written(tokenId, etag, at));
    }

    /** The entry changed, or may have. */
    public void forget(CacheId id) {
        byId.invalidate(id);
    }

    /**
     * The ETag of the caller's placeholder, if it was written recently enough for such a body.
     *
     * @param bodyBytes its length; less than 0 when it is not known
     * @param now the store's time
     */
    Optional<String> etag(CacheId id, String tokenId, long bodyBytes, Instant now) {
        boolean isLong = bodyBytes < 0 || bodyBytes > LONG_BYTES;
        return Optional.ofNullable(byId.getIfPresent(id))
                .filter(written -> written.tokenId().equals(tokenId))
                .filter(written -> written.isYoung(isLong ? AGE_OF_LONG_MAX : AGE_MAX, now))
                .map(Written::etag);
    }
}
