package us.kbase.caching.stress.siege.attack;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import us.kbase.caching.stress.siege.wire.Ending;
import us.kbase.caching.stress.siege.wire.Link;
import us.kbase.caching.stress.siege.wire.Visit;
import us.kbase.caching.stress.siege.wire.Wire;

/**
 * An attack by many connections at once. It begins with all of them in a burst; one that ended is followed by another, at a
 * bounded rate. Its visits are the same for the same seed.
 */
abstract class Crowd implements Attack, Link.Witness {

    private final String name;
    private final Wire wire;
    private final Size size;
    private final Random random;
    private final Set<Link> open = new HashSet<>();
    private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
    private long begun;
    private long sentBytes;
    private long receivedBytes;
    private boolean running;
    private double credit;
    private long lastNanos;

    /**
     * How much of it.
     *
     * @param connections at once
     * @param perSecond new connections in place of those that ended
     */
    record Size(int connections, double perSecond) {}

    Crowd(String name, Field field, Size size) {
        this.name = name;
        this.wire = field.wire();
        this.size = size;
        this.random = new Random(field.seed() ^ name.hashCode());
        wire.each(this::tick);
    }

    /** What the next connection does. The wire's thread. */
    abstract Visit next(long number, Random chance);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final synchronized void start() {
        if (!running) {
            running = true;
            credit = size.connections();
            lastNanos = System.nanoTime();
        }
    }

    @Override
    public final void stop() {
        synchronized (this) {
            running = false;
        }
        wire.later(this::cutAll);
    }

    private synchronized void cutAll() {
        Set.copyOf(open).forEach(Link::cut);
        endings.merge(Ending.LEFT, (long) open.size(), Long::sum);
        open.clear();
    }

    private synchronized void tick(long now) {
        if (!running) {
            return;
        }
        credit = Math.min(size.connections(), credit + (now - lastNanos) / 1e9 * size.perSecond());
        lastNanos = now;
        while (credit >= 1 && open.size() < size.connections()) {
            credit--;
            Link link = wire.open(next(begun++, random), this);
            if (link.isOpen()) {
                open.add(link);
            }
        }
    }

    @Override
    public final synchronized Counts counts() {
        return new Counts(begun, open.size(), new EnumMap<>(endings), sentBytes, receivedBytes);
    }

    @Override
    public final synchronized void sent(long bytes) {
        sentBytes += bytes;
    }

    @Override
    public final synchronized void received(long bytes) {
        receivedBytes += bytes;
    }

    @Override
    public final synchronized void ended(Link link, Ending ending) {
        open.remove(link);
        endings.merge(ending, 1L, Long::sum);
    }
}
