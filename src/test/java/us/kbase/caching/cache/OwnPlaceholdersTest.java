package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.id.CacheId;

/** What a node remembers of the placeholders that it wrote, for whom and for how long. */
class OwnPlaceholdersTest {

    private static final CacheId ID = new CacheId("id");
    private static final long SMALL = 1000;
    private static final long LARGE = 1L << 30;
    private static final long UNKNOWN = -1;

    private final OwnPlaceholders written = new OwnPlaceholders();
    private Instant now = Instant.ofEpochSecond(1_700_000_000);

    private Optional<String> etag(long bodyBytes) {
        return written.etag(ID, "me", bodyBytes, now);
    }

    @Test
    void isKnownToItsOwner() {
        written.wrote(ID, "me", "etag", now);
        assertEquals(Optional.of("etag"), etag(SMALL));
        assertEquals(Optional.empty(), written.etag(ID, "you", SMALL, now));
        assertEquals(Optional.empty(), written.etag(new CacheId("other"), "me", SMALL, now));
    }

    @Test
    void isForgottenAfterTenSeconds() {
        written.wrote(ID, "me", "etag", now);
        now = now.plus(Duration.ofSeconds(9));
        assertEquals(Optional.of("etag"), etag(SMALL));
        now = now.plus(Duration.ofSeconds(2));
        assertEquals(Optional.empty(), etag(SMALL));
    }

    @Test
    void isTooOldForALongBodyAfterASecond() {
        written.wrote(ID, "me", "etag", now);
        assertEquals(Optional.of("etag"), etag(LARGE));
        now = now.plus(Duration.ofMillis(1001));
        assertEquals(Optional.empty(), etag(LARGE));
        assertEquals(Optional.empty(), etag(UNKNOWN));
        assertEquals(Optional.of("etag"), etag(SMALL));
    }

    @Test
    void isNotTrustedOnceTheClockWentBack() {
        written.wrote(ID, "me", "etag", now);
        now = now.minus(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), etag(SMALL));
    }

    @Test
    void isForgottenWhenTheEntryChanges() {
        written.wrote(ID, "me", "etag", now);
        written.forget(ID);
        assertEquals(Optional.empty(), etag(SMALL));
    }
}
