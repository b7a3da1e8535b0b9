package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.PriorityQueue;
import java.util.Random;

/** What happens when: one thread, and a clock that stands still while something happens. */
public final class Schedule {

    private static final Instant BEGIN = Instant.parse("2026-11-24T12:00:00Z");

    private record Event(long atMicros, long number, Process process, Runnable happens) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Something that can die: what it had still to do then never happens. */
    public static final class Process {
        private final Promise<Void> death = Promise.promise();

        void die() {
            death.tryComplete();
        }

        boolean isAlive() {
            return !death.future().isComplete();
        }

        Future<Void> death() {
            return death.future();
        }
    }

    /** What happens whoever dies: the network, the store, the clients. */
    public static final Process WORLD = new Process();

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Random random;
    private long nowMicros;
    private long numbers;

    /** One that a seed decides. */
    public Schedule(long seed) {
        random = new Random(seed);
    }

    /** All chance comes from here. */
    public Random random() {
        return random;
    }

    /** Time since the begin. */
    public long nowMicros() {
        return nowMicros;
    }

    /** The true time, which is the store's. */
    public Instant now() {
        return BEGIN.plus(nowMicros, ChronoUnit.MICROS);
    }

    /** Lets something happen, unless the process has died by then. */
    public void after(long micros, Process process, Runnable happens) {
        events.add(new Event(nowMicros + micros, numbers++, process, happens));
    }

    /** A duration drawn evenly from both. */
    public long between(long leastMicros, long mostMicros) {
        return leastMicros + (long) (random.nextDouble() * (mostMicros - leastMicros));
    }

    /** True with that probability. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Lets the next event happen; false when there is none. */
    public boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        nowMicros = next.atMicros();
        if (next.process().isAlive()) {
            next.happens().run();
        }
        return true;
    }

    /** Lets time pass in which nothing happens. */
    public void pass(long micros) {
        nowMicros += micros;
    }
}
