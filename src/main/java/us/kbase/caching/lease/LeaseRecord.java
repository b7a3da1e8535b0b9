package us.kbase.caching.lease;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import us.kbase.caching.text.AsciiSet;

/**
 * What a placeholder's body says about leases. The original service and v1 clients never read it.
 *
 * @param fencing the highest fencing number given under this placeholder, 0 for none
 * @param held the lease that was given last and not released; it may be overdue
 * @param released the secret of the lease that was given back last, so that its holder may say so twice
 */
public record LeaseRecord(long fencing, Optional<Held> held, Optional<String> released) {

    /** No placeholder of ours is longer. */
    static final int BYTES_MAX = 1024;

    private static final int HOLDER_CHARACTERS_MAX = 80;

    /** Numbers grow with the microseconds until the year 2255; what is far beyond them is not ours, and the one behind it would not be greater. */
    private static final long FENCING_MAX = 1L << 53;

    static final LeaseRecord NONE = new LeaseRecord(0, Optional.empty(), Optional.empty());

    /**
     * A lease.
     *
     * @param secret what the holder shows with each call
     * @param holder the holder's own words, for people
     * @param ttlSeconds how long it lasts after each renewal
     * @param deadlineMillis when somebody else may take it over, in store time
     */
    public record Held(String secret, String holder, int ttlSeconds, long deadlineMillis) {
        /** Cuts the holder's words to what a placeholder has room for. */
        public Held {
            holder = printable(holder);
        }

        /** The second in which it ends, rounded up. */
        public long deadlineSeconds() {
            return Math.ceilDiv(deadlineMillis, 1000L);
        }
    }

    /** The beginning of a client's words, each character that is not printable ASCII as a question mark. */
    static String printable(String text) {
        return AsciiSet.PRINTABLE.shown(text, HOLDER_CHARACTERS_MAX);
    }

    /** Reads a placeholder's body; one of another making holds no lease. */
    static LeaseRecord read(Buffer body) {
        try {
            JsonObject json = new JsonObject(body);
            long fencing = json.getLong("fencing", 0L);
            if (fencing < 0 || fencing > FENCING_MAX) {
                return NONE;
            }
            Optional<String> released = Optional.ofNullable(json.getString("released"));
            if (!json.containsKey("lease")) {
                return new LeaseRecord(fencing, Optional.empty(), released);
            }
            Held held = new Held(
                    Objects.requireNonNull(json.getString("lease")),
                    json.getString("holder", ""),
                    json.getInteger("ttl"),
                    json.getLong("deadline"));
            return new LeaseRecord(fencing, Optional.of(held), released);
        } catch (DecodeException | ClassCastException | NullPointerException notOurs) {
            return NONE;
        }
    }

    /** The same number and memory with another lease, or none. */
    LeaseRecord holding(Optional<Held> lease) {
        return new LeaseRecord(fencing, lease, released);
    }

    /** A body with a fresh nonce: no two placeholders share an ETag, since an ETag names bytes and not a version. */
    Buffer body() {
        JsonObject json = new JsonObject().put("nonce", UUID.randomUUID().toString());
        if (fencing > 0) {
            json.put("fencing", fencing);
        }
        held.ifPresent(lease -> json.put("lease", lease.secret())
                .put("holder", lease.holder())
                .put("ttl", lease.ttlSeconds())
                .put("deadline", lease.deadlineMillis()));
        released.ifPresent(secret -> json.put("released", secret));
        return json.toBuffer();
    }
}
