package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CalmRecordTest {

    private final CalmRecord record = new CalmRecord();

    @Test
    void quantilesAreThoseOfEachDelay() {
        LongStream.rangeClosed(1, 1_000).forEach(millis -> record.answered(0, 0, 1_000 * millis));
        record.answered(0, 2_000, 9_000_000);
        CalmRecord.Latency prompt = record.latencies().get(0L);
        assertEquals(1_000, prompt.calls());
        assertEquals(500, prompt.p50Millis(), 1);
        assertEquals(990, prompt.p99Millis(), 1);
        assertEquals(1, record.latencies().get(2_000L).calls());
    }

    @Test
    void anIntervalBeginsWhereTheLastEnded() {
        record.answered(0, 0, 5_000);
        assertEquals(1, record.sinceLast().calls());
        assertEquals(0, record.sinceLast().calls());
        assertEquals(1, record.latencies().get(0L).calls());
    }

    @Test
    void whatWasExcusedIsNoFailureAndIsTold() {
        record.jobExcused("status 503");
        assertEquals(0, record.failed());
        assertEquals(1, record.excused());
        assertEquals(1, record.failures().size());
    }

    @Test
    void aCallCountsForTheStretchInWhichItBegan() {
        int before = record.stretch();
        record.nextStretch();
        record.answered(before, 500, 1_000_000);
        record.answered(record.stretch(), 0, 4_000);

        assertEquals(1, record.ofStretch(before).calls());
        assertEquals(4, record.ofStretch(record.stretch()).p99Millis(), 0.1);
    }
}
