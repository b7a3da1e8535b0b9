package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;

class ComputeTimeTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "' 7 ', 7", "007, 7", "999999999, 999999999"})
    void isAWholeNumberOfSeconds(String header, long seconds) {
        assertEquals(
                OptionalLong.of(seconds), ComputeTime.asked(Optional.of(header)).seconds());
    }

    @Test
    void isUnknownWhereNobodySaysIt() {
        assertEquals(ComputeTime.UNKNOWN, ComputeTime.asked(Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "+1", "1.5", "1e3", "1000000000", "seven", "7 s", "\u0667"})
    void anythingElseIsRefused(String header) {
        assertThrows(Failure.BadInput.class, () -> ComputeTime.asked(Optional.of(header)));
    }
}
