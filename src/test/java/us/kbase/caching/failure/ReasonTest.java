package us.kbase.caching.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ReasonTest {

    private static Failure unreachable(Throwable cause) {
        return new Failure.Upstream("The store cannot be reached", cause);
    }

    @Test
    void isTheFailureAndItsInnermostCause() {
        IOException refused = new IOException("Connection refused: /127.0.0.1:9000");
        assertEquals(
                "The store cannot be reached: nothing listens there (connection refused), 127.0.0.1:9000",
                Reason.of(unreachable(new IllegalStateException("a wrapper that talks of itself", refused))));
    }

    @Test
    void keepsTheAddressThatAnOuterCauseAdds() {
        IOException refused = new IOException("Connection refused", new IOException("Connection refused"));
        IOException annotated = new IOException("Connection refused: /127.0.0.1:9000", refused);
        assertEquals(
                "The store cannot be reached: nothing listens there (connection refused), 127.0.0.1:9000",
                Reason.of(unreachable(new IllegalStateException("a wrapper", annotated))));
    }

    @Test
    void saysWhichHostIsUnknown() {
        assertEquals(
                "The store cannot be reached: the host name minio.invalid is not known here",
                Reason.of(unreachable(new UnknownHostException("minio.invalid: Name or service not known"))));
    }

    @Test
    void isTheFailureAloneWithoutACauseThatSaysAnything() {
        assertEquals("The store cannot be reached", Reason.of(unreachable(null)));
        assertEquals("The store cannot be reached", Reason.of(unreachable(new IOException())));
    }

    @Test
    void doesNotFollowCausesForEver() {
        IOException one = new IOException("one");
        IOException two = new IOException("two", one);
        one.initCause(two);
        assertEquals("two", Reason.of(two));
    }
}
