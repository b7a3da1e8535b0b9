package us.kbase.caching.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;

/** What is shown goes on being shown. */
class MetersTest {

    @Test
    void aCounterCountsOnWhenNobodyElseHoldsIt() {
        Meters meters = new Meters();
        AtomicLong refused = new AtomicLong();
        meters.show(List.of(Gauge.count("refused", "heads", refused::get)));
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        refused.set(7);
        Await.until("the count", () -> meters.scrape().contains("refused_total{kind=\"heads\"} 7.0"));
        assertTrue(meters.scrape().contains("# TYPE refused_total counter"));
    }
}
