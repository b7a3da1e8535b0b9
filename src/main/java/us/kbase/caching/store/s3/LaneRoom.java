package us.kbase.caching.store.s3;

import java.util.Optional;
import us.kbase.caching.memory.Budget;

/**
 * The heap that exchanges with S3 take, out of the budget of transfers. One user's take at most as much as is left to all others, so
 * that who comes next always finds room. Any thread.
 */
final class LaneRoom {

    /**
     * Of an upload's part or a download: connection to S3 with its buffers, exchange, part, and what an error may say. 1000 uploads
     * that are streamed slowly took 86 KiB of heap each in all, calls of the SDK that were still open among it.
     */
    static final int TRANSFER_BYTES = 40 * 1024;

    /** Of a call without a file's bytes: connection, exchange, and what an error may say. */
    static final int CALL_BYTES = 14 * 1024;

    private LaneRoom() {}

    /** For transfers. */
    static Lane.Room ofTransfers(Budget budget) {
        return (open, ofUser) -> paid(budget, TRANSFER_BYTES, ofUser);
    }

    /**
     * For calls.
     *
     * @param setAside so many need no room: their memory is the program's own
     */
    static Lane.Room ofCalls(Budget budget, int setAside) {
        return (open, ofUser) -> open < setAside ? Optional.of(() -> {}) : paid(budget, CALL_BYTES, ofUser);
    }

    private static Optional<Runnable> paid(Budget budget, int bytes, int ofUser) {
        return (long) ofUser * bytes > budget.freeBytes()
                ? Optional.empty()
                : budget.tryTake(bytes).map(payment -> payment::giveBack);
    }
}
