package us.kbase.caching.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;

/** What one user does is counted and bounded; another user never notices. */
class UserLimitsTest {

    private final AtomicLong now = new AtomicLong(42);

    private UserLimits limits(int transfers, int requests) {
        return new UserLimits(new UserLimits.Settings(transfers, requests), now::get);
    }

    private static long allowed(UserLimits limits, String user, int requests) {
        List<Future<Void>> asked = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            asked.add(limits.request(user));
        }
        return asked.stream().filter(Future::succeeded).count();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aSecondsRequestsMayComeAtOnceAndNoMore() {
        UserLimits limits = limits(0, 10);
        assertEquals(10, allowed(limits, "alice", 50));
        assertEquals(40, limits.refusedRequests());
    }

    @Test
    void requestsComeBackAsTimePasses() {
        UserLimits limits = limits(0, 10);
        assertEquals(10, allowed(limits, "alice", 20));
        pass(Duration.ofMillis(300));
        assertEquals(3, allowed(limits, "alice", 20));
        pass(Duration.ofHours(1));
        assertEquals(10, allowed(limits, "alice", 20));
    }

    @Test
    void anotherUserIsCountedApart() {
        UserLimits limits = limits(1, 10);
        assertEquals(10, allowed(limits, "alice", 20));
        assertEquals(10, allowed(limits, "bob", 20));
        Future<Void> open =
                limits.transfer("alice", () -> Promise.<Void>promise().future());
        assertTrue(!open.isComplete());
        Await.result(limits.transfer("bob", Future::succeededFuture));
    }

    @Test
    void aRefusalSaysWhenToComeAgain() {
        UserLimits limits = limits(0, 1);
        Await.result(limits.request("alice"));
        Failure.TooMany refused = Await.failure(Failure.TooMany.class, limits.request("alice"));
        assertEquals(1, refused.retrySeconds());
        assertEquals("You may make 1 requests a second; try again later", refused.getMessage());
    }

    @Test
    void transfersCountUntilTheyEndWhateverComesOfThem() {
        UserLimits limits = limits(2, 0);
        Promise<Void> first = Promise.promise();
        Promise<Void> second = Promise.promise();
        Future<Void> one = limits.transfer("alice", first::future);
        Future<Void> two = limits.transfer("alice", second::future);
        Await.failure(Failure.TooMany.class, limits.transfer("alice", Future::succeededFuture));
        assertEquals(2, limits.openTransfers());
        first.fail(new IllegalStateException("cut"));
        Await.failure(IllegalStateException.class, one);
        Await.result(limits.transfer("alice", Future::succeededFuture));
        second.complete();
        Await.result(two);
        assertEquals(0, limits.openTransfers());
    }

    @Test
    void aTransferThatThrowsIsNotCountedOn() {
        UserLimits limits = limits(1, 0);
        Await.failure(IllegalStateException.class, limits.transfer("alice", () -> {
            throw new IllegalStateException("a bug");
        }));
        assertEquals(0, limits.openTransfers());
    }

    @Test
    void withoutALimitTransfersAreCountedAndNoneIsRefused() {
        UserLimits limits = limits(0, 0);
        assertEquals(1000, allowed(limits, "alice", 1000));
        Future<Void> open =
                limits.transfer("alice", () -> Promise.<Void>promise().future());
        assertTrue(!open.isComplete());
        assertEquals(1, limits.openTransfers());
    }

    @Test
    void usersThatWereSeenAreForgotten() {
        UserLimits limits = limits(0, 1);
        for (int user = 0; user < 50_000; user++) {
            Await.result(limits.request("user" + user));
        }
        assertTrue(limits.users() <= 10_000, limits.users() + " users");
    }
}
