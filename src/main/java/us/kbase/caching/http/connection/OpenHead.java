package us.kbase.caching.http.connection;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.memory.Budget;

/**
 * Pays for a request's head from its first byte until the reply has left. One per connection: a head is not begun before the
 * reply to the one before has left. Event loop only.
 */
public final class OpenHead {

    /** The longest head without its request line, in bytes. */
    public static final int BYTES_MAX = 16 * 1024;

    /** The longest request line, in bytes. */
    public static final int LINE_BYTES_MAX = 4096;

    /** The most headers, and the most trailers. */
    static final int HEADERS_MAX = 100;

    /** Request, route and what calls for the reply: 3.9 KiB of heap, measured with 1500 that wait for their bodies. */
    static final int REQUEST_BYTES = 4 * 1024;

    /** A header without its text: 97 bytes of heap, measured with 1500 unfinished heads of 50 and of 98. */
    static final int HEADER_BYTES = 128;

    /** Text is on the heap once, measured with headers of 200 characters, and outside of it as it came. */
    static final int TEXT_FACTOR = 2;

    /** Paid at once, so that the usual head asks for room once. */
    private static final int STEP_BYTES = 2 * 1024;

    private final Budget budget;
    private final BooleanSupplier makeRoom;
    private Budget.@Nullable Payment payment;
    private long paidBytes;
    private long dueBytes;
    private int headers;

    /**
     * None is open yet.
     *
     * @param makeRoom ends another head that has been unfinished for long; false when there is none
     */
    OpenHead(Budget budget, BooleanSupplier makeRoom) {
        this.budget = budget;
        this.makeRoom = makeRoom;
    }

    /** Whether one is paid for. */
    boolean isOpen() {
        return payment != null;
    }

    /** Pays for a request whose first byte came. */
    public void begin() {
        paidBytes = REQUEST_BYTES + STEP_BYTES;
        Optional<Budget.Payment> taken = budget.tryTake(paidBytes);
        while (taken.isEmpty() && makeRoom.getAsBoolean()) {
            taken = budget.tryTake(paidBytes);
        }
        payment = taken.orElseThrow(HeadRefusal::noRoom);
        dueBytes = REQUEST_BYTES;
        headers = 0;
    }

    /** Pays for the request line. */
    public void line(int bytes) {
        due((long) TEXT_FACTOR * bytes);
    }

    /** Pays for a header, or a trailer, that is about to be made. */
    public void header(int lineBytes) {
        if (++headers > HEADERS_MAX) {
            throw HeadRefusal.tooManyHeaders();
        }
        due(HEADER_BYTES + (long) TEXT_FACTOR * lineBytes);
    }

    /** Trailers are counted by themselves. */
    public void ended() {
        headers = 0;
    }

    /** Pays for a line that has not ended: it lies in a buffer, which may be half empty. */
    public void unfinished(int bytes) {
        pay(dueBytes + (long) TEXT_FACTOR * bytes);
    }

    private void due(long bytes) {
        dueBytes += bytes;
        pay(dueBytes);
    }

    private void pay(long bytes) {
        Budget.Payment open = payment;
        if (open == null || bytes <= paidBytes) {
            return;
        }
        long more = Math.ceilDiv(bytes - paidBytes, STEP_BYTES) * STEP_BYTES;
        while (!open.tryGrow(more)) {
            if (!makeRoom.getAsBoolean()) {
                throw HeadRefusal.noRoom();
            }
        }
        paidBytes += more;
    }

    /** From now on it counts to that user's share; false when the user has too many requests under way. */
    public boolean belongsTo(String user) {
        Budget.Payment open = payment;
        return open == null || open.tryBecomeOf(user);
    }

    /** The reply has left, or the connection has ended. */
    public void giveBack() {
        Budget.giveBack(payment);
        payment = null;
    }
}
