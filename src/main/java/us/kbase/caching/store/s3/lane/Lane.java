package us.kbase.caching.store.s3.lane;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.FairQueue;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.store.OnBehalf;

/**
 * Whose turn it is to use one of the connections to S3 of one event loop. There are two lanes, so that a short call never waits for a
 * transfer (docs/adr/0029).
 *
 * <p>Only so many exchanges are <em>busy</em> at once. A transfer that waits for its client, to send or to take bytes, is not, and
 * neither is a call that the server does not answer: it keeps its connection and leaves its turn to another. Everybody else waits, in
 * turns among users and in order for each of them. An exchange that finds no room in memory waits too. Event loop only.
 */
public final class Lane {

    /** How often exchanges are looked at. */
    private static final long LOOK_MILLIS = 50;

    /** A transfer that waited for its client at so many looks in a row is not busy. */
    private static final int TRANSFER_LOOKS = 8;

    /** A call that was not answered at so many looks is not busy either: it waits for another's lock, or for a late server. */
    private static final int CALL_LOOKS = 20;

    /**
     * A busy transfer that lasted for so many looks leaves room for one that begins: long ones do not hold back others for as long as
     * they last, however busy the store is.
     */
    private static final int YOUNG_TRANSFER_LOOKS = 100;

    /** A call does so sooner: a store that is late for its own reasons may have more of them. */
    private static final int YOUNG_CALL_LOOKS = 2;

    /** What an exchange waits for at the moment. */
    public interface Pace {

        /** It could go on if only its client gave or took bytes. */
        boolean waitsForClient();

        /** All was sent, and the server has not answered. */
        boolean waitsForAnswer();

        /** Of a call that is sent at once. */
        Pace CALL = new Pace() {
            @Override
            public boolean waitsForClient() {
                return false;
            }

            @Override
            public boolean waitsForAnswer() {
                return true;
            }
        };
    }

    /** When an exchange leaves its turn to another: when it is seen to wait so at so many looks in a row, or is no longer young. */
    private record Yield(Predicate<Pace> waits, int looks, int youngLooks) {}

    /** What an exchange takes of memory, for as long as it lasts. */
    interface Room {

        /**
         * Takes it for one more; gives what undoes it, or nothing when there is no room.
         *
         * @param open how many there are
         * @param user on whose behalf
         */
        Optional<Runnable> take(int open, String user);
    }

    private final Vertx vertx;
    private final BusyLimit limit;
    private final Room room;
    private final LaneLoad load;
    private final boolean firstOfUserAtOnce;
    private final Yield yield;
    private final FairQueue<Place> waiting = new FairQueue<>();
    private final Set<Place> open = new LinkedHashSet<>();
    private final Map<String, Integer> openOfUser = new HashMap<>();
    private int busy;
    private int young;
    private boolean serving;
    private boolean servesAgain;
    private long timer = -1;

    private Lane(Vertx vertx, BusyLimit limit, Room room, LaneLoad load, boolean firstOfUserAtOnce, Yield yield) {
        this.vertx = vertx;
        this.limit = limit;
        this.room = room;
        this.load = load;
        this.firstOfUserAtOnce = firstOfUserAtOnce;
        this.yield = yield;
    }

    /** For calls that the server can answer at once. */
    public static Lane ofCalls(Vertx vertx, BusyLimit limit, Room room, LaneLoad load) {
        return new Lane(vertx, limit, room, load, false, new Yield(Pace::waitsForAnswer, CALL_LOOKS, YOUNG_CALL_LOOKS));
    }

    /** For bytes of files. A user's first transfer waits for memory only: long ones of others may last for hours. */
    public static Lane ofTransfers(Vertx vertx, BusyLimit limit, Room room, LaneLoad load) {
        return new Lane(
                vertx, limit, room, load, true, new Yield(Pace::waitsForClient, TRANSFER_LOOKS, YOUNG_TRANSFER_LOOKS));
    }

    /**
     * A place in the lane for the current user, whose owner ends it in every case.
     *
     * @param waitMillisMax after which its turn fails with {@code Busy}
     * @param pace what the exchange waits for, once its turn has come
     */
    public Place enter(long waitMillisMax, Pace pace) {
        Place place = new Place(OnBehalf.user(), pace);
        if ((waiting.isEmpty() || passes(place)) && begun(place)) {
            return place;
        }
        waiting.add(place.user, place);
        load.waiting(1);
        place.await(waitMillisMax);
        watch();
        return place;
    }

    /** Learns how many may begin from a look that the store answered now, as long after it was ready to be sent. */
    public void looked(long tookNanos) {
        limit.looked(tookNanos, young, waiting.size());
        serve();
    }

    private boolean passes(Place place) {
        return isFirst(place) && waiting.of(place.user) == 0;
    }

    private boolean isFirst(Place place) {
        return firstOfUserAtOnce && !openOfUser.containsKey(place.user);
    }

    private boolean begun(Place place) {
        boolean full = busy >= limit.most() || young >= limit.now();
        if (full && !isFirst(place)) {
            return false;
        }
        Optional<Runnable> taken = room.take(open.size(), place.user);
        taken.ifPresent(place::begin);
        return taken.isPresent();
    }

    /** A loop: whoever is served may end at once, and so call this. */
    private void serve() {
        servesAgain = true;
        if (serving) {
            return;
        }
        serving = true;
        try {
            while (servesAgain) {
                servesAgain = false;
                serveAll().forEach(Place::granted);
            }
        } finally {
            serving = false;
        }
    }

    private List<Place> serveAll() {
        List<Place> served = new ArrayList<>();
        for (Place next = waiting.pollFirst(this::begun); next != null; next = waiting.pollFirst(this::begun)) {
            load.waiting(-1);
            served.add(next);
        }
        return served;
    }

    private void watch() {
        if (timer < 0) {
            timer = vertx.setPeriodic(LOOK_MILLIS, id -> look());
        }
    }

    /** Memory may have become free on another loop, too. */
    private void look() {
        open.forEach(Place::look);
        serve();
        if (open.isEmpty() && waiting.isEmpty()) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    /** One exchange in the lane, from its wish for a connection to its end. */
    public final class Place {
        private final String user;
        private final Pace pace;
        private final Promise<Void> turn = CallersContext.promise();
        private Runnable giveBack = () -> {};
        private long timeouts = -1;
        private int looks;
        private int idleLooks;
        private boolean idle;
        private boolean begun;
        private boolean ended;

        private Place(String user, Pace pace) {
            this.user = user;
            this.pace = pace;
            limit.came(user);
        }

        /** Done when the exchange may begin; fails with {@code Busy}. */
        public Future<Void> turn() {
            return begun && timeouts < 0 ? Future.succeededFuture() : turn.future();
        }

        private void await(long millis) {
            timeouts = vertx.setTimer(millis, id -> {
                leave();
                turn.tryFail(new Failure.Busy("Too many transfers are under way; try again later"));
            });
        }

        private void leave() {
            load.waiting(waiting.remove(user, this) ? -1 : 0);
        }

        private void busy(int change) {
            busy += change;
            load.busy(change);
            young += isYoung() ? change : 0;
        }

        private boolean isYoung() {
            return looks < yield.youngLooks();
        }

        private void age() {
            looks++;
            young -= looks == yield.youngLooks() && !idle ? 1 : 0;
        }

        private void begin(Runnable undo) {
            begun = true;
            limit.came(user); // a crowd that only waits is still there
            giveBack = undo;
            busy(1);
            open.add(this);
            load.open(1);
            openOfUser.merge(user, 1, Integer::sum);
            watch();
        }

        private void granted() {
            vertx.cancelTimer(timeouts);
            turn.tryComplete();
        }

        private void look() {
            age();
            idleLooks = yield.waits().test(pace) ? idleLooks + 1 : 0;
            boolean now = idleLooks >= yield.looks();
            if (now != idle) {
                idle = now;
                busy(idle ? -1 : 1);
            }
        }

        /** The connection is free or closed, or never came. May be called again. */
        public void end() {
            if (ended) {
                return;
            }
            ended = true;
            vertx.cancelTimer(timeouts);
            if (begun) {
                busy(idle ? 0 : -1);
                open.remove(this);
                load.open(-1);
                openOfUser.computeIfPresent(user, (u, count) -> count == 1 ? null : count - 1);
                giveBack.run();
            } else {
                leave();
            }
            serve();
        }
    }
}
