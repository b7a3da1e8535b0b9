package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;
import us.kbase.caching.pace.CallersContext;

/** One request that waits in a {@link WaitQueue}: no thread, one timer. Lease loop only. */
final class Waiter {

    private final Promise<LeaseAnswer> promise = CallersContext.promise();
    private final String tokenId;
    private final LeaseRequest request;
    private final String secret = UUID.randomUUID().toString();
    private long firstLook;
    private boolean patient;

    Waiter(String tokenId, LeaseRequest request) {
        this.tokenId = tokenId;
        this.request = request;
        this.patient = request.waitSeconds() > 0;
    }

    String tokenId() {
        return tokenId;
    }

    LeaseRequest request() {
        return request;
    }

    /** The same for all tries, so that a write whose reply was lost is recognised. */
    String secret() {
        return secret;
    }

    /** Whether it waits on when it cannot have what it asked for. */
    boolean patient() {
        return patient;
    }

    void waitIsOver() {
        patient = false;
    }

    /** An earlier look may show a time before this request. */
    void notBeforeLook(long number) {
        firstLook = number;
    }

    boolean judgedBy(long look) {
        return look >= firstLook;
    }

    Future<LeaseAnswer> granted() {
        return promise.future();
    }

    void grant(LeaseAnswer grant) {
        promise.tryComplete(grant);
    }

    void refuse(Throwable cause) {
        promise.tryFail(cause);
    }
}
