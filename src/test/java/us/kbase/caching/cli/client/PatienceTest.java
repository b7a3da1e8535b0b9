package us.kbase.caching.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

    @Test
    void isWhatTheDocumentsSay() throws Exception {
        String limits = Files.readString(Path.of("docs/time-limits.md"));
        Patience usual = Patience.USUAL;
        assertTrue(
                limits.contains("| until a download begins | " + usual.answer().toSeconds() + " |"));
        assertTrue(limits.contains(
                "| between two pieces of a download | " + usual.silence().toSeconds() + " |"));
        assertTrue(limits.contains("| between two pieces of an upload that the gateway takes, and until it answers | "
                + usual.taking().toSeconds() + " |"));
    }

    @ParameterizedTest
    @CsvSource({"-1, 5, 5", "0, 5, 5", "10, 10, 10", "60, 60, 30", "600, 200, 30"})
    void aDownloadOfRunEndsWithTheWait(long left, long answer, long silence) {
        Patience patience = Patience.USUAL.downloadingWithin(Duration.ofSeconds(left));
        assertEquals(Duration.ofSeconds(answer), patience.answer());
        assertEquals(Duration.ofSeconds(silence), patience.silence());
        assertEquals(Patience.USUAL.taking(), patience.taking());
    }
}
