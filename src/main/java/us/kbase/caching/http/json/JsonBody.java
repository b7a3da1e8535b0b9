package us.kbase.caching.http.json;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import us.kbase.caching.cache.id.JsonParseException;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.memory.Budget;

/**
 * JSON bodies in memory: for parameters, never for files. A body is paid for before it is read, in steps as it comes, so that a
 * slow sender holds what it sent; then for what parsing makes of it, until it is parsed. Event loop only.
 */
public final class JsonBody {

    private static final int BYTES_MAX = 1 << 20;

    /** Paid for before anything is read; who sends more pays as much again and again. */
    private static final int STEP_BYTES = 16 * 1024;

    /** A buffer that grows: the bytes, and as many in vain. */
    private static final int BUFFER_FACTOR = 2;

    private final Budget budget;
    private final Duration waitMax;

    /**
     * Pays for bodies from that.
     *
     * @param waitMax for memory
     */
    public JsonBody(Budget budget, Duration waitMax) {
        this.budget = budget;
        this.waitMax = waitMax;
    }

    /** What is made of a body, at once. */
    public interface Parse<T> {
        T of(byte[] body) throws JsonParseException;
    }

    /**
     * Reads and parses a body.
     *
     * @param tokenId of the caller: who waits for memory, waits in turn
     * @return fails with {@code TooLarge} beyond 1 MiB, {@code Busy} without memory, {@code BadInput} for what is no JSON
     */
    public <T> Future<T> read(Vertx vertx, RequestBody source, String tokenId, Parse<T> parse) {
        return budget.during(
                vertx,
                firstBytes(source.lengthBytes()),
                tokenId,
                waitMax,
                payment -> collect(source, payment).compose(body -> parsed(body, parse, payment)));
    }

    private static long firstBytes(long lengthBytes) {
        long bytes = lengthBytes < 0 ? STEP_BYTES : Math.min(lengthBytes, STEP_BYTES);
        return JsonCost.LEAST_BYTES + BUFFER_FACTOR * bytes;
    }

    private Future<Buffer> collect(RequestBody source, Budget.Payment payment) {
        return source.collect(bytes -> {
            if (bytes > BYTES_MAX) {
                throw new Failure.TooLarge("The parameters exceed 1 MiB");
            }
            if (!pays(payment, JsonCost.LEAST_BYTES + BUFFER_FACTOR * bytes)) {
                throw noRoom();
            }
        });
    }

    /** Who sends much leaves half to who sends little, and to other kinds that borrow. */
    private boolean pays(Budget.Payment payment, long bytes) {
        long missing = bytes - payment.bytes();
        if (missing <= 0) {
            return true;
        }
        long more = Math.ceilDiv(missing, STEP_BYTES) * STEP_BYTES;
        return budget.usedBytes() + more <= budget.limitBytes() / 2 && payment.tryGrow(more);
    }

    private <T> Future<T> parsed(Buffer body, Parse<T> parse, Budget.Payment payment) {
        byte[] bytes = body.getBytes();
        long cost = JsonCost.of(bytes);
        if (cost > budget.limitBytes()) {
            return Future.failedFuture(new Failure.TooLarge("These parameters would take " + (cost >> 20)
                    + " MiB to parse, and the gateway has " + (budget.limitBytes() >> 20)
                    + " MiB for that; send fewer members, or raise CACHING_HEAP"));
        }
        if (!payment.tryGrow(Math.max(0, cost - payment.bytes()))) {
            return Future.failedFuture(noRoom());
        }
        try {
            return Future.succeededFuture(parse.of(bytes));
        } catch (JsonParseException e) {
            return Future.failedFuture(new Failure.BadInput("JSON parsing error: " + e.getMessage()));
        }
    }

    private static Failure noRoom() {
        return new Failure.Busy("The gateway has no memory for these parameters now; try again later");
    }
}
