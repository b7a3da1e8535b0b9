package us.kbase.caching.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.memory.Budget;

/**
 * Who may wait: each waiter is paid for before it waits. A caller never takes more than what it leaves to others: alone it has half
 * of the room, each of three a quarter, and a newcomer always finds some (the dynamic threshold of Choudhury and Hahne, IEEE/ACM
 * Transactions on Networking, 1998). Lease loop only.
 */
final class WaitingRoom {

    /**
     * Of heap, beyond connection and head, which are paid for elsewhere: its place in line, its timer, its promises and what
     * they hold (measured: docs/adr/0034).
     */
    static final long WAITER_BYTES = 2560;

    private final Budget budget;
    private final Map<String, Long> bytesByCaller = new HashMap<>();

    WaitingRoom(Budget budget) {
        this.budget = budget;
    }

    /** A place for one waiter. Its owner leaves it once. */
    final class Place {
        private final String tokenId;
        private final Budget.Payment payment;

        private Place(String tokenId, Budget.Payment payment) {
            this.tokenId = tokenId;
            this.payment = payment;
        }

        void leave() {
            payment.giveBack();
            bytesByCaller.computeIfPresent(
                    tokenId, (caller, bytes) -> bytes > WAITER_BYTES ? (Long) (bytes - WAITER_BYTES) : null);
        }
    }

    /** A place, if there is one for this caller. */
    Optional<Place> enter(String tokenId) {
        long mine = bytesByCaller.getOrDefault(tokenId, 0L) + WAITER_BYTES;
        if (mine > budget.freeBytes() - WAITER_BYTES) {
            return Optional.empty();
        }
        return budget.tryTake(WAITER_BYTES).map(payment -> {
            bytesByCaller.put(tokenId, mine);
            return new Place(tokenId, payment);
        });
    }
}
