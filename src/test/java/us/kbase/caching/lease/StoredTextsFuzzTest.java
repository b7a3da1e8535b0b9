package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.store.Stored;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;

/** Bodies and metadata of objects that others wrote, or that were damaged: an entry of some kind, and never a fault. */
class StoredTextsFuzzTest {

    private static final long NOW = 1_796_000_000;
    private static final long DAY_SECONDS = 86_400;

    private static final Corpus PLACEHOLDERS = Corpus.of(
            List.of(
                    "{\"nonce\":\"n\",\"fencing\":7,\"lease\":\"s\",\"holder\":\"me\",\"ttl\":60,\"deadline\":1796000000000}",
                    "{\"nonce\":\"n\",\"fencing\":3,\"released\":\"s\"}",
                    "",
                    "a file of somebody"),
            List.of(
                    "{",
                    "}",
                    "[",
                    "null",
                    "true",
                    "\"",
                    "\\ud800",
                    "1e400",
                    "-",
                    ",",
                    ":",
                    "\0",
                    "\u00ff",
                    "\"lease\":",
                    "NaN"));

    private static final Corpus NUMBERS = Corpus.of(
            List.of(
                    "1796000000",
                    "1795000000.5",
                    "30",
                    "20786",
                    "0",
                    "url:me",
                    "placeholder",
                    "reads.fa",
                    "text/plain",
                    "1"),
            List.of("-", " ", ".", "e9", "\u00e9", "9999999999", "999999999999999999", "\0"));

    private static final List<String> NAMES = List.of(
            "expiration",
            "filename",
            "token_id",
            "idle-days",
            "content-type",
            "buried",
            "replaced-at",
            "strike-until",
            "filename-sent",
            "lease-mark");

    @Test
    void aBodyHoldsALeaseOrNone() {
        Fuzz.holds(10_000, random -> {
            LeaseRecord read = LeaseRecord.read(Buffer.buffer(PLACEHOLDERS.mutant(random)));
            read.held()
                    .ifPresent(held ->
                            assertTrue(held.secret() != null && held.holder().length() <= 80, "held"));
            assertEquals(read, LeaseRecord.read(read.body()), "as it is written again");
        });
    }

    @Test
    void metadataMakeAnEntryOfSomeKindAndUseNeverShortensItsLife() {
        Fuzz.holds(20_000, random -> {
            Stored stored = new Stored("id", "\"e\"", 5, metadata(random));
            Entry unused = Entry.of(stored, NOW);
            Entry used = Entry.of(stored, OptionalLong.of(NOW / DAY_SECONDS), NOW);
            if (unused instanceof Entry.File file) {
                assertTrue(
                        used instanceof Entry.File again && again.expiresEpochSeconds() >= file.expiresEpochSeconds(),
                        "life");
                file.sentName();
                file.contentType();
                assertTrue(file.uploadedEpochSeconds().orElse(1) > 0, "begin");
            }
            if (used instanceof Entry.Expired) {
                assertTrue(usualLifeIsOver(stored), "a result that was used today has expired: " + stored.metadata());
            }
            OptionalLong today = OptionalLong.of(NOW / DAY_SECONDS);
            assertTrue(EntryMetadata.livesUntil(stored, today) >= EntryMetadata.expires(stored, today), "life");
            EntryMetadata.burying(stored);
            EntryMetadata.replacedAt(stored);
        });
    }

    /** What was used today lives for as many days as it says; one that says none, for thirty. */
    private static boolean usualLifeIsOver(Stored stored) {
        return stored.metadata().getOrDefault("filename", "").equals(Entry.PLACEHOLDER);
    }

    private static Map<String, String> metadata(Random random) {
        Map<String, String> metadata =
                new HashMap<>(Map.of("expiration", "1797000000", "filename", "f", "token_id", "url:me"));
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            metadata.put(NAMES.get(random.nextInt(NAMES.size())), NUMBERS.text(random));
        }
        return metadata;
    }
}
