package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RssSeriesTest {

    private final RssSeries rss = new RssSeries();

    @Test
    void theMedianIsThatOfItsSeconds() {
        for (int second = 0; second < 10; second++) {
            rss.add(second, 100 + second);
        }
        rss.add(10, 999);
        assertEquals(OptionalDouble.of(107), rss.median(5, 10));
        assertEquals(OptionalDouble.of(104.5), rss.median(0, 10));
    }

    @Test
    void onePeakDoesNotMoveTheMedian() {
        rss.add(1, 100);
        rss.add(2, 100);
        rss.add(3, 5_000);
        assertEquals(OptionalDouble.of(100), rss.median(0, 4));
    }

    @Test
    void withoutSamplesThereIsNone() {
        assertEquals(OptionalDouble.empty(), rss.median(0, 1));
    }
}
