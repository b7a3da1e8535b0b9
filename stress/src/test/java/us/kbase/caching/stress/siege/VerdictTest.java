package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {

    private static final CalmRecord.Latency CALM = new CalmRecord.Latency(1_000, 5, 50);

    /** A siege in which every promise was kept. */
    private static final class Kept {
        boolean lived = true;
        long good = 100;
        long failed;
        long excused;
        long wrong;
        Map<Long, CalmRecord.Latency> siege = Map.of(0L, new CalmRecord.Latency(1_000, 5, 100));
        double peak = 315;
        OptionalDouble rssEnd = OptionalDouble.of(220);
        OptionalLong filesEnd = OptionalLong.of(90);
        long untold;
        OptionalLong uploads = OptionalLong.of(0);
        Optional<Map<String, Double>> gauges = Optional.of(Map.of("a", 0.0));

        Verdict judged() {
            return Verdict.of(new Measured(
                    lived,
                    good,
                    failed,
                    excused,
                    wrong,
                    Map.of(0L, CALM),
                    siege,
                    96,
                    peak,
                    OptionalDouble.of(200),
                    rssEnd,
                    OptionalLong.of(90),
                    filesEnd,
                    untold,
                    uploads,
                    gauges));
        }
    }

    @Test
    void aSiegeInWhichEveryPromiseWasKeptIsHeld() {
        assertEquals(List.of(), broken(new Kept().judged()));
    }

    /** Changes one thing of a siege in which every promise was kept. */
    private interface Change {
        void of(Kept kept);
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken("the process lives", kept -> kept.lived = false),
                broken("calm users' jobs", kept -> kept.failed = 1),
                broken("calm users' jobs", kept -> kept.good = 0),
                broken("replies with wrong bytes", kept -> kept.wrong = 1),
                broken(
                        "p99 of calm users' calls",
                        kept -> kept.siege = Map.of(0L, new CalmRecord.Latency(1_000, 5, 100.1))),
                broken("peak RSS", kept -> kept.peak = 336),
                broken("RSS at the end", kept -> kept.rssEnd = OptionalDouble.of(220.1)),
                broken("descriptors, without those to S3", kept -> kept.filesEnd = OptionalLong.of(91)),
                broken("multipart uploads left open", kept -> kept.uploads = OptionalLong.of(1)),
                broken(
                        "memory that the gateway says is in use",
                        kept -> kept.gauges = Optional.of(Map.of("a", 0.0, "b", 4096.0))));
    }

    private static Arguments broken(String what, Change change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest
    @MethodSource("brokenPromises")
    void oneBrokenPromiseIsNamedAndDecides(String what, Change change) {
        Kept kept = new Kept();
        change.of(kept);
        assertEquals(List.of(what), broken(kept.judged()));
        assertFalse(kept.judged().held());
    }

    @Test
    void whatIsNotToldBreaksNoPromise() {
        Kept kept = new Kept();
        kept.rssEnd = OptionalDouble.empty();
        kept.filesEnd = OptionalLong.empty();
        kept.uploads = OptionalLong.empty();
        kept.gauges = Optional.empty();
        assertTrue(kept.judged().held());
        assertEquals(4, kept.judged().markdown().split("not told", -1).length - 1);
    }

    @Test
    void thePeakOfAProcessThatEndedIsNotTold() {
        Kept kept = new Kept();
        kept.lived = false;
        assertEquals(List.of("the process lives"), broken(kept.judged()));
        assertTrue(kept.judged().checks().stream()
                .anyMatch(check -> check.what().equals("peak RSS") && check.outcome() == Verdict.Outcome.NOT_TOLD));
    }

    @Test
    void aDelayWithoutItsOwnCalmIsNotCompared() {
        Kept kept = new Kept();
        kept.siege = Map.of(2_000L, new CalmRecord.Latency(1_000, 4_000, 90_000));
        assertTrue(kept.judged().held());
    }

    @Test
    void jobsThatWereToldToComeAgainDoNotCountAsFailed() {
        Kept kept = new Kept();
        kept.excused = 7;
        assertTrue(kept.judged().held());
    }

    private static List<String> broken(Verdict verdict) {
        return verdict.checks().stream()
                .filter(check -> check.outcome() == Verdict.Outcome.BROKEN)
                .map(Verdict.Check::what)
                .toList();
    }

    @Test
    void anUploadThatS3OpenedAndToldNobodyIsTheSweeps() {
        Kept kept = new Kept();
        kept.untold = 2;
        kept.uploads = OptionalLong.of(2);
        assertEquals(List.of(), broken(kept.judged()));
        kept.uploads = OptionalLong.of(3);
        assertEquals(List.of("multipart uploads left open"), broken(kept.judged()));
    }
}
