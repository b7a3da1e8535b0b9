package us.kbase.caching.stress.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void theBestIsTheShortest() {
        assertEquals(1.5, Sample.best(seconds(3, 1.5, 2)));
    }

    @Test
    void theMedianOfAnOddNumberStandsInTheMiddleWhateverTheOrder() {
        assertEquals(2, Sample.median(seconds(9, 1, 2)));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertEquals(2.5, Sample.median(seconds(4, 1, 100, 1)));
    }

    @Test
    void oneSampleIsItsOwnBestAndMedian() {
        assertEquals(7, Sample.best(seconds(7)));
        assertEquals(7, Sample.median(seconds(7)));
    }

    @Test
    void processorTimeIsJudgedByItself() {
        List<Sample> samples = List.of(new Sample(1, 30), new Sample(2, 20), new Sample(3, 10));
        assertEquals(10, Sample.bestCpu(samples));
        assertEquals(20, Sample.medianCpu(samples));
    }

    @Test
    void nothingMeasuredHasNoBest() {
        assertThrows(NoSuchElementException.class, () -> Sample.best(List.of()));
    }

    private static List<Sample> seconds(double... seconds) {
        return DoubleStream.of(seconds).mapToObj(taken -> new Sample(taken, 0)).toList();
    }
}
