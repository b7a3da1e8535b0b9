package us.kbase.caching.http.connection;

import java.util.function.LongPredicate;
import us.kbase.caching.memory.Budget;

/** Holds the bytes that a connection's decoder could not decode yet. It grows by doubling and never shrinks. Event loop only. */
final class DecoderBuffer {

    /** That long it fits into what a connection is paid for. */
    private static final int FIRST_BYTES = 512;

    private final Budget.Payment connection;
    private int bytes = FIRST_BYTES;

    /** Paid by that, until the connection ends. */
    DecoderBuffer(Budget.Payment connection) {
        this.connection = connection;
    }

    /** Pays for so many bytes of a head. */
    boolean holdsHead(int neededBytes) {
        return grows(neededBytes, connection::tryGrow);
    }

    /** Pays for so many bytes of next requests, while there is room to spare. */
    boolean holdsNext(int neededBytes) {
        return grows(neededBytes, connection::tryGrowWithRoomToSpare);
    }

    private boolean grows(int neededBytes, LongPredicate pays) {
        if (neededBytes <= bytes) {
            return true;
        }
        int grown = Integer.highestOneBit(neededBytes - 1) << 1;
        if (!pays.test(grown - bytes)) {
            return false;
        }
        bytes = grown;
        return true;
    }
}
