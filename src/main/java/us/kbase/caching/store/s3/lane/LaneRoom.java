package us.kbase.caching.store.s3.lane;

import java.util.Optional;
import us.kbase.caching.memory.Budget;

/** The heap that exchanges with S3 take, out of the budget of transfers. Any thread. */
public final class LaneRoom {

    /**
     * Of an upload's part or a download: connection to S3 with its buffers, exchange, part, and what an error may say. 1000 uploads
     * that are streamed slowly took 86 KiB of heap each in all, calls of the SDK that were still open among it.
     */
    static final int TRANSFER_BYTES = 40 * 1024;

    /** Of a call without a file's bytes: connection, exchange, and what an error may say. */
    static final int CALL_BYTES = 14 * 1024;

    private LaneRoom() {}

    /** For transfers. */
    public static Lane.Room ofTransfers(Budget budget) {
        return (open, user) -> paid(budget, TRANSFER_BYTES, user);
    }

    /**
     * For calls.
     *
     * @param setAside so many need no room: their memory is the program's own
     */
    public static Lane.Room ofCalls(Budget budget, int setAside) {
        return (open, user) -> open < setAside ? Optional.of(() -> {}) : paid(budget, CALL_BYTES, user);
    }

    private static Optional<Runnable> paid(Budget budget, int bytes, String user) {
        return budget.tryTake(bytes, user).map(payment -> payment::giveBack);
    }
}
