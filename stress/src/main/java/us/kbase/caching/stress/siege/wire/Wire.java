package us.kbase.caching.stress.siege.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Thousands of raw connections to one server from one thread: the server under test shares these cores. Speaks no HTTP; what is
 * sent is up to each {@link Visit}. {@link #later} from any thread; all else on the wire's thread.
 */
public final class Wire implements AutoCloseable {

    private static final long TICK_MILLIS = 50;
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Called by the wire at each of its ticks, on its thread. */
    public interface Ticking {
        void tick(long nowNanos);
    }

    private final InetSocketAddress server;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Set<Link> links = new HashSet<>();
    private final List<Ticking> ticking = new ArrayList<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Connections to this server. */
    public Wire(InetSocketAddress server) {
        this.server = server;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().daemon().name("siege-wire").start(this::run);
    }

    /** Does something on the wire's thread soon. */
    public void later(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Calls this at each tick from now on. */
    public void each(Ticking listener) {
        later(() -> ticking.add(listener));
    }

    /** Opens a connection; its end, also when none is made, is told once, unless it is cut by {@link Link#cut}. */
    public Link open(Visit visit, Link.Witness witness) {
        Link link = new Link(visit, witness, this);
        links.add(link);
        link.connect(server, selector);
        return link;
    }

    ByteBuffer buffer() {
        return buffer.clear();
    }

    void forget(Link link) {
        links.remove(link);
    }

    private void run() {
        LowPriority.ofThisThread();
        long next = System.nanoTime();
        while (!closed) {
            try {
                selector.select(this::ready, TICK_MILLIS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            long now = System.nanoTime();
            if (now >= next) {
                next = now + TICK_MILLIS * 1_000_000;
                List.copyOf(links).forEach(link -> link.tick(now));
                ticking.forEach(each -> each.tick(now));
            }
        }
        List.copyOf(links).forEach(Link::cut);
    }

    private void ready(SelectionKey key) {
        ((Link) key.attachment()).ready(key);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
