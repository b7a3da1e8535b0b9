package us.kbase.caching.http;

import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.condition.Preconditions;
import us.kbase.caching.http.condition.Validators;

/** A request's preconditions, about the result that is there. */
public final class Demands {

    private Demands() {}

    public static Preconditions of(HttpServerRequest request) {
        return Preconditions.of(request.headers(), InstantSource.system());
    }

    /** What a request that changes the result demands of it; {@link ResultCheck#NONE} for one without preconditions. */
    public static ResultCheck toChange(HttpServerRequest request) {
        Preconditions preconditions = of(request);
        return preconditions.isEmpty()
                ? ResultCheck.NONE
                : present ->
                        require(preconditions.evaluate(Preconditions.Purpose.CHANGE, present.map(Demands::validators)));
    }

    /** Whether a reader has this result already; fails with {@code PreconditionFailed} if it wants another one. */
    static boolean hasAlready(HttpServerRequest request, Entry.File file) {
        return hasAlready(request, validators(file));
    }

    /** The same of a part of it that is a resource of its own. */
    static boolean hasAlready(HttpServerRequest request, Validators present) {
        Preconditions.Outcome outcome = of(request).evaluate(Preconditions.Purpose.READ, Optional.of(present));
        require(outcome);
        return outcome instanceof Preconditions.Outcome.NotModified;
    }

    private static void require(Preconditions.Outcome outcome) {
        if (outcome instanceof Preconditions.Outcome.Failed failed) {
            throw new Failure.PreconditionFailed(failed.header());
        }
    }

    static Validators validators(Entry.File file) {
        return new Validators(file.stored().etag(), lastModified(file));
    }

    public static Optional<Instant> lastModified(Entry.File file) {
        return file.uploadedEpochSeconds().stream()
                .mapToObj(Instant::ofEpochSecond)
                .findFirst();
    }
}
