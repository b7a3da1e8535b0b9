package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.s3.write.WriteLife;

/** What {@code docs/time-limits.md} says is what the code does. */
class TimeLimitsTest {

    private static final Duration WAIT_MAX = Duration.ofSeconds(180);

    private static Map<String, Long> table() throws IOException {
        Map<String, Long> seconds = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("docs/time-limits.md"))) {
            String[] cells = line.split("\\|");
            if (cells.length == 4 && cells[2].strip().matches("\\d+")) {
                seconds.put(cells[1].strip(), Long.parseLong(cells[2].strip()));
            }
        }
        return seconds;
    }

    private static long seconds(long millis) {
        return Duration.ofMillis(millis).toSeconds();
    }

    @Test
    void towardsS3() throws IOException {
        List<Long> towardsS3 = List.copyOf(table().values()).subList(7, 16);
        assertEquals(
                List.of(
                        seconds(ConnectionPools.CONNECT_TIMEOUT_MILLIS),
                        seconds(CallTimeouts.toLook(WAIT_MAX).connectionMillis()),
                        seconds(CallTimeouts.toGoOn(WAIT_MAX).connectionMillis()),
                        seconds(CallTimeouts.toGoOn(WAIT_MAX).takingMillis()),
                        seconds(CallTimeouts.toLook(WAIT_MAX).answerMillis()),
                        seconds(CallTimeouts.toGoOn(WAIT_MAX).answerMillis()),
                        WriteLife.LANDS_WITHIN.toSeconds(),
                        seconds(CallTimeouts.toChange(WAIT_MAX).answerMillis()),
                        seconds(TimedSource.GIVING_MILLIS)),
                towardsS3);
        assertEquals(WAIT_MAX, us.kbase.caching.http.connection.ClientTimeouts.USUAL.turn());
    }

    @Test
    void towardsClients() throws IOException {
        us.kbase.caching.http.connection.ClientTimeouts usual = us.kbase.caching.http.connection.ClientTimeouts.USUAL;
        List<Long> towardsClients = List.copyOf(table().values()).subList(0, 7);
        assertEquals(
                List.of(
                        usual.head().toSeconds(),
                        usual.body().toSeconds(),
                        usual.linger().toSeconds(),
                        usual.reader().toSeconds(),
                        usual.reply().toSeconds(),
                        usual.idle().toSeconds(),
                        usual.memory().toSeconds()),
                towardsClients);
    }
}
