package us.kbase.caching.simulation;

import io.vertx.core.AsyncResult;
import java.util.Map;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseAnswer;

/** What clients were told, in the model's words. */
final class Replies {

    /** What a client was told, and the lease that it has or showed. */
    record Told(String words, String lease, long fencing) {}

    private Replies() {}

    static Told of(AsyncResult<?> done, String shown) {
        if (done.failed()) {
            return switch (done.cause()) {
                case Failure.NotFound refused -> new Told(Act.NOT_FOUND, shown, 0);
                case Failure.LeaseLost refused -> new Told(Act.LEASE_LOST, shown, 0);
                case Failure.ClientGone gone -> new Told(Act.UNKNOWN, shown, 0);
                case Failure.Upstream fault -> new Told(Act.UNKNOWN, shown, 0);
                case Failure.Busy busy -> new Told(Act.UNKNOWN, shown, 0);
                default -> throw new IllegalStateException("an answer of 500", done.cause());
            };
        }
        if (done.result() == null) {
            return new Told(Act.OK, shown, 0);
        }
        return switch (done.result()) {
            case LeaseAnswer.Leased lease -> new Told("Leased", lease.secret(), lease.fencing());
            case LeaseAnswer answer -> new Told(answer.getClass().getSimpleName(), shown, 0);
            case Map<?, ?> metadata ->
                new Told("placeholder".equals(metadata.get("filename")) ? "placeholder" : "file", shown, 0);
            case String words -> new Told(words, shown, 0);
            default -> new Told(Act.OK, shown, 0);
        };
    }
}
