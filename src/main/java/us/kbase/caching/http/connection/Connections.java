package us.kbase.caching.http.connection;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.memory.Budget;

/**
 * Keeps the connections of one event loop. Each is paid for as long as it is open. When there is no room for another, one of them is
 * closed: first one whose head has long been unfinished, since a normal head arrives whole; then one that waits for nothing, and last
 * one of a known user that was used just now, whose next request may be on its way. Among equals it is the one that has waited the longest. Clients open a
 * connection again when they need it, and whoever opens thousands loses his own first. Event loop only.
 */
public final class Connections {

    /** Vert.x' and Netty's objects of a connection without a request, and ours: 4160 bytes of heap, measured with 1500. */
    public static final int BYTES = 4 * 1024 + 256;

    /** A connection is closed by a fraction of its time too late. */
    private static final int LOOKS = 10;

    private final Budget budget;
    private final int eachBytes;

    private final Vertx vertx;
    private final ClientTimeouts timeouts;

    /** Since when each is idle that no known user has used; first who has been so the longest. */
    private final Map<ClientConnection, Long> idleStrangers = new LinkedHashMap<>();

    /** The same of those that a known user has used. */
    private final Map<ClientConnection, Long> idleKnown = new LinkedHashMap<>();

    /** Since when some of its next head came and the end did not; first who began first. */
    private final Map<ClientConnection, Long> unfinished = new LinkedHashMap<>();

    private boolean looking;

    /**
     * None is open yet.
     *
     * @param eachBytes what one costs: {@link #BYTES}, and more where it is secured
     * @param timeouts for connections without a request, and with the beginning of one
     */
    public Connections(Vertx vertx, Budget budget, int eachBytes, ClientTimeouts timeouts) {
        this.vertx = vertx;
        this.budget = budget;
        this.eachBytes = eachBytes;
        this.timeouts = timeouts;
    }

    /** Pays for an accepted connection; nothing when there is no room, and none that gives way. */
    public Optional<Budget.Payment> accept() {
        Optional<Budget.Payment> payment = budget.tryTake(eachBytes);
        while (payment.isEmpty() && makesRoom()) {
            payment = budget.tryTake(eachBytes);
        }
        return payment;
    }

    /** Who has only just come is about to ask for something: newcomers do not close each other while others have been idle for long. */
    private boolean makesRoom() {
        return closeLongest(unfinished, timeouts.slowHead())
                || closeLongest(idleStrangers, timeouts.slowHead())
                || closeLongest(idleKnown, timeouts.head())
                || closeLongest(idleStrangers, Duration.ZERO)
                || closeLongest(unfinished, Duration.ZERO)
                || closeLongest(idleKnown, Duration.ZERO);
    }

    private boolean closeLongest(Map<ClientConnection, Long> waiting, Duration atLeast) {
        long before = System.nanoTime() - atLeast.toNanos();
        return givesWay(waiting.entrySet().stream()
                .findFirst()
                .filter(first -> first.getValue() - before <= 0)
                .map(Map.Entry::getKey));
    }

    /**
     * Ends the head that has been unfinished the longest: usual ones come whole, so whoever needs room has more right to it.
     *
     * @param but whose own stays
     * @return whether there was one
     */
    boolean closeUnfinished(ClientConnection but) {
        return givesWay(
                unfinished.keySet().stream().filter(other -> other != but).findFirst());
    }

    private boolean givesWay(Optional<ClientConnection> longest) {
        longest.ifPresent(given -> {
            busy(given);
            finished(given);
            given.giveWay();
        });
        return longest.isPresent();
    }

    /** A head has begun and has not ended. */
    public void unfinished(ClientConnection connection) {
        unfinished.putIfAbsent(connection, System.nanoTime());
    }

    /** It has ended, or will not. */
    void finished(ClientConnection connection) {
        unfinished.remove(connection);
    }

    /** It has no request, and none has begun. */
    public void idle(ClientConnection connection) {
        (connection.isKnown() ? idleKnown : idleStrangers).put(connection, System.nanoTime());
        lookLater();
    }

    /** A request has begun, or it has ended. */
    public void busy(ClientConnection connection) {
        idleStrangers.remove(connection);
        idleKnown.remove(connection);
    }

    private void lookLater() {
        if (!looking && !(idleStrangers.isEmpty() && idleKnown.isEmpty())) {
            looking = true;
            vertx.setTimer(Math.max(1, timeouts.idle().toMillis() / LOOKS), id -> look());
        }
    }

    private void look() {
        long before = System.nanoTime() - timeouts.idle().toNanos();
        cutThoseSince(before, idleStrangers);
        cutThoseSince(before, idleKnown);
        looking = false;
        lookLater();
    }

    private static void cutThoseSince(long nanos, Map<ClientConnection, Long> idle) {
        List<ClientConnection> old = idle.entrySet().stream()
                .takeWhile(waiting -> waiting.getValue() - nanos <= 0)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(ClientConnection::cut);
    }
}
