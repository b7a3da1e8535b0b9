package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.store.Stored;

/** What an object is, by its metadata alone: 0 bytes or many do not matter, nor who wrote it. */
class EntryTest {

    private static final long NOW = 1_700_000_000;

    private static Stored stored(String tokenId, String filename, String expiration) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("token_id", tokenId);
        metadata.put("filename", filename);
        metadata.put("expiration", expiration);
        metadata.values().removeIf(java.util.Objects::isNull);
        return new Stored("id", "\"etag\"", 0, metadata);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "url:user, placeholder, 1700000001, Placeholder",
                "url:user, placeholder, 1700000000, Placeholder",
                "url:user, placeholder, 1699999999, Expired",
                "url:user, reads.fa,    1700000001, File",
                "url:user, reads.fa,    1700000000, File",
                "url:user, reads.fa,    1699999999, Expired",
                "url:user, reads.fa,    0,          Expired",
                "url:user, Placeholder, 1700000001, File",
                "none,     reads.fa,    1700000001, Foreign",
                "'',       reads.fa,    1700000001, Foreign",
                "url:user, none,        1700000001, Foreign",
                "url:user, '',          1700000001, Foreign",
                "url:user, reads.fa,    none,       Foreign",
                "url:user, reads.fa,    '',         Foreign",
                "url:user, reads.fa,    soon,       Foreign",
                "url:user, reads.fa,    -1,         Foreign",
                "url:user, reads.fa,    1700000001.5, Foreign",
                "url:user, reads.fa,    9999999999999999999, Foreign",
                "none,     none,        none,       Foreign",
            })
    void isWhatItsMetadataSay(String tokenId, String filename, String expiration, String kind) {
        Stored stored = stored(tokenId, filename, expiration);
        Entry entry = Entry.of(Optional.of(stored), NOW);
        assertEquals(kind, entry.getClass().getSimpleName());
    }

    @ParameterizedTest
    @CsvSource({
        "1700000001, File",
        "1699999999, File",
        "1699920000, File", // uploaded in the first second of a day, and a week later that day begins again
        "1699919999, Expired",
    })
    void aResultOfOursLivesToTheEndOfTheDayOfItsUpload(String expiration, String kind) {
        Stored uploaded = stored("url:user", "reads.fa", expiration);
        Map<String, String> metadata = new HashMap<>(uploaded.metadata());
        metadata.put("idle-days", "7");
        Entry entry = Entry.of(new Stored("id", "\"etag\"", 0, metadata), NOW);
        assertEquals(kind, entry.getClass().getSimpleName());
    }

    @Test
    void isAbsentWithoutAnObject() {
        assertEquals(new Entry.Absent(), Entry.of(Optional.empty(), NOW));
    }

    @Test
    void carriesOwnerNameAndTime() {
        Stored file = stored("http://auth:5000:user", "reads.fa", "1700000009");
        assertEquals(new Entry.File("http://auth:5000:user", "reads.fa", 1_700_000_009, file), Entry.of(file, NOW));
        Stored placeholder = stored("url:user", "placeholder", "1700000009");
        assertEquals(new Entry.Placeholder("url:user", 1_700_000_009, placeholder), Entry.of(placeholder, NOW));
    }
}
