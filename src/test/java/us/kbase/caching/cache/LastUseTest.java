package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.testing.UnaskedStore;

/** What a download's note comes to where the store does not take it. */
class LastUseTest {

    private static final long NOW = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final LastUse uses = new LastUse(nanos::get);
    private final List<String> asked = new ArrayList<>();
    private Future<Void> answer = Future.succeededFuture();

    private final ObjectStore store = new UnaskedStore() {
        @Override
        public Upkeep upkeep() {
            return (Upkeep) java.lang.reflect.Proxy.newProxyInstance(
                    Upkeep.class.getClassLoader(), new Class<?>[] {Upkeep.class}, (proxy, method, arguments) -> {
                        asked.add((String) arguments[0]);
                        return answer;
                    });
        }
    };

    private void downloaded(String id) {
        downloaded(id, Map.of("expiration", "1"));
    }

    private void downloaded(String id, Map<String, String> metadata) {
        Stored stored = new Stored(id, "etag", 1, metadata);
        uses.downloaded(store, new Entry.File("me", "file", NOW, stored), NOW);
    }

    private static Map<String, String> uploaded(long epochSeconds) {
        return Map.of("expiration", Long.toString(epochSeconds + 7 * 86_400), "idle-days", "7");
    }

    @Test
    void theDayOfTheUploadNeedsNoNote() {
        downloaded("a", uploaded(NOW - 60));
        assertEquals(List.of(), asked);
    }

    @Test
    void theDayAfterTheUploadIsNoted() {
        downloaded("a", uploaded(NOW - 86_400));
        assertEquals(List.of("a"), asked);
    }

    @Test
    void aResultOfTheOriginalIsNotedOnItsFirstDayToo() {
        downloaded("a", Map.of("expiration", Long.toString(NOW + 30 * 86_400)));
        assertEquals(List.of("a"), asked);
    }

    @Test
    void aDayIsNotedOnce() {
        downloaded("a");
        downloaded("a");
        assertEquals(List.of("a"), asked);
    }

    @Test
    void aRefusalThatMayPassEndsNothing() {
        answer = Future.failedFuture(new Failure.Upstream("403 AccessDenied", null));
        downloaded("a");
        downloaded("a");
        downloaded("b");
        assertEquals(List.of("a", "a", "b"), asked);
    }

    @Test
    void aStoreThatKeepsNoTagsIsAskedAgainAfterAnHour() {
        answer = Future.failedFuture(new UnsupportedOperationException());
        downloaded("a");
        downloaded("b");
        assertEquals(List.of("a"), asked);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        downloaded("b");
        assertEquals(List.of("a", "b"), asked);
    }
}
