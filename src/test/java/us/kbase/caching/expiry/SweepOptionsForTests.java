package us.kbase.caching.expiry;

import java.time.Duration;

final class SweepOptionsForTests {

    static final SweepOptions EVERYTHING =
            new SweepOptions(SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, Duration.ZERO, Duration.ofHours(24));

    private SweepOptionsForTests() {}
}
