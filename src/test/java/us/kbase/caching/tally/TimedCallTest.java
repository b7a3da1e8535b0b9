package us.kbase.caching.tally;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimedCallTest {

    private final List<String> told = new ArrayList<>();
    private final TimedCall call =
            TimedCall.begin("S3 HeadObject", (operation, outcome, nanos) -> told.add(operation + " " + outcome));

    @Test
    void tellsTheClassOfItsStatus() {
        call.answered(204);
        assertEquals(List.of("S3 HeadObject 2xx"), told);
    }

    @Test
    void oneThatIsGivenUpIsCut() {
        call.unanswered();
        assertEquals(List.of("S3 HeadObject cut"), told);
    }

    @Test
    void oneWhoseClientWentIsNoFaultOfTheServers() {
        call.left();
        call.unanswered();
        assertEquals(List.of("S3 HeadObject left"), told);
    }

    @Test
    void whatFollowsItsFirstEndIsNotTold() {
        call.answered(503);
        call.unanswered();
        call.answered(200);
        assertEquals(List.of("S3 HeadObject 5xx"), told);
    }
}
