package us.kbase.caching.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /** A connection is closed by a fraction of its time too late. */
    private static final int LOOKS = 10;

    private final Budget budget;

    private final Vertx vertx;
    private final Duration idleMax;

    /** Since when each is idle; first who has been so the longest. */
    private final Map<ClientConnection, Long> idle = new LinkedHashMap<>();

    /** Of whose next head some came and the end did not; first who began first. */
    private final Set<ClientConnection> unfinished = new LinkedHashSet<>();

    private boolean looking;

    /**
     * None is open yet.
     *
     * @param idleMax after which a connection without a request is closed
     */
    Connections(Vertx vertx, Budget budget, Duration idleMax) {
        this.vertx = vertx;
        this.budget = budget;
        this.idleMax = idleMax;
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
        Iterator<ClientConnection> longest = idle.keySet().iterator();
        if (!longest.hasNext()) {
            return false;
        }
        ClientConnection given = longest.next();
        longest.remove();
        given.cut();
        given.payment().giveBack();
        return true;
    }

    /**
     * Ends the head that has been unfinished the longest: usual ones come whole, so whoever needs room has more right to it.
     *
     * @param but whose room is wanted
     * @return whether there was one
     */
    boolean closeUnfinished(ClientConnection but) {
        Optional<ClientConnection> longest =
                unfinished.stream().filter(other -> other != but).findFirst();
        longest.ifPresent(given -> {
            unfinished.remove(given);
            given.giveWay();
        });
        return longest.isPresent();
    }

    /** A head has begun and has not ended. */
    void unfinished(ClientConnection connection) {
        unfinished.add(connection);
    }

    /** It has ended, or will not. */
    void finished(ClientConnection connection) {
        unfinished.remove(connection);
    }

    /** It has no request, and none has begun. */
    void idle(ClientConnection connection) {
        idle.put(connection, System.nanoTime());
        lookLater();
    }

    /** A request has begun, or it has ended. */
    void busy(ClientConnection connection) {
        idle.remove(connection);
    }

    private void lookLater() {
        if (!looking && !idle.isEmpty()) {
            looking = true;
            vertx.setTimer(Math.max(1, idleMax.toMillis() / LOOKS), id -> look());
        }
    }

    private void look() {
        long before = System.nanoTime() - idleMax.toNanos();
        List<ClientConnection> old = idle.entrySet().stream()
                .takeWhile(waiting -> waiting.getValue() - before <= 0)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(ClientConnection::cut);
        looking = false;
        lookLater();
    }
}
