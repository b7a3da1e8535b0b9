package us.kbase.caching.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import us.kbase.caching.memory.Budget;

/**
 * The connections of one event loop. Each is paid for as long as it is open; when there is no room for another, the one of this
 * loop that has been idle the longest gives way: clients open one again when they need it, and whoever opens thousands loses his
 * own first. Event loop only.
 */
final class Connections {

    /** Vert.x' and Netty's objects of a connection without a request, and ours: 4160 bytes of heap, measured with 1500. */
    static final int BYTES = 4 * 1024 + 256;

    private final Budget budget;

    /** First who has been idle the longest. */
    private final Set<ClientConnection> idle = new LinkedHashSet<>();

    Connections(Budget budget) {
        this.budget = budget;
    }

    /** Pays for an accepted connection; nothing when there is no room, and none that is idle. */
    Optional<Budget.Payment> accept() {
        Optional<Budget.Payment> payment = budget.tryTake(BYTES);
        while (payment.isEmpty() && closeIdle()) {
            payment = budget.tryTake(BYTES);
        }
        return payment;
    }

    private boolean closeIdle() {
        Iterator<ClientConnection> longest = idle.iterator();
        if (!longest.hasNext()) {
            return false;
        }
        ClientConnection given = longest.next();
        longest.remove();
        given.cut();
        given.payment().giveBack();
        return true;
    }

    /** It has no request, and none has begun. */
    void idle(ClientConnection connection) {
        idle.add(connection);
    }

    /** A request has begun, or it has ended. */
    void busy(ClientConnection connection) {
        idle.remove(connection);
    }
}
