package us.kbase.caching.stress.siege.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of a {@link Wire}, doing one {@link Visit}. The wire's thread only. */
public final class Link {

    private static final int STATUS_BEGIN = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_BEGIN + 3;

    /** Hears of what a connection did. */
    public interface Witness {
        void sent(long bytes);

        void received(long bytes);

        void ended(Link link, Ending ending);
    }

    private final Visit visit;
    private final Witness witness;
    private final Wire wire;
    private final long beganNanos = System.nanoTime();
    private final Pacer sending;
    private final Pacer reading;
    private SocketChannel channel;
    private SelectionKey key;
    private long sent;
    private long received;
    private long lastSentNanos = beganNanos;
    private int status;
    private boolean ended;

    Link(Visit visit, Witness witness, Wire wire) {
        this.visit = visit;
        this.witness = witness;
        this.wire = wire;
        this.sending = new Pacer(visit.sentBytesPerSecond(), beganNanos);
        this.reading = new Pacer(visit.readBytesPerSecond(), beganNanos);
    }

    void connect(InetSocketAddress server, Selector selector) {
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (visit.receiveBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, visit.receiveBytes());
            }
            boolean connected = channel.connect(server);
            key = channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
        } catch (IOException e) {
            end(Ending.NO_CONNECTION);
        }
    }

    void ready(SelectionKey ready) {
        try {
            if (ready.isConnectable()) {
                channel.finishConnect();
                key.interestOps(interest());
            }
            if (!ended && ready.isValid() && ready.isReadable()) {
                read(System.nanoTime());
            }
            if (!ended && ready.isValid() && ready.isWritable()) {
                write(System.nanoTime());
            }
        } catch (IOException e) {
            end(channel.isConnected() ? Ending.RESET : Ending.NO_CONNECTION);
        }
    }

    private int interest() {
        boolean write = sending.isFull() && sent < visit.script().lengthBytes();
        return (write ? SelectionKey.OP_WRITE : 0) | (reading.isFull() ? SelectionKey.OP_READ : 0);
    }

    /** What is paced moves at ticks; who has stayed for long enough goes. */
    void tick(long now) {
        if (ended || !channel.isConnected()) {
            return;
        }
        try {
            if (!sending.isFull()) {
                write(now);
            }
            if (!ended && !reading.isFull() && visit.readBytesPerSecond() > 0) {
                read(now);
            }
        } catch (IOException e) {
            end(Ending.RESET);
        }
        boolean done = sent >= visit.script().lengthBytes();
        if (!ended && done && now - Math.max(lastSentNanos, beganNanos) > visit.stayMillis() * 1_000_000) {
            end(status == 0 ? Ending.LEFT : Ending.ofStatus(status));
        }
    }

    private void write(long now) throws IOException {
        long left = visit.script().lengthBytes() - sent;
        long allowed = Math.min(Math.min(sending.allowed(now), left), visit.leaveAfterBytes() - sent - received);
        ByteBuffer bytes = wire.buffer();
        bytes.limit((int) Math.min(bytes.capacity(), Math.max(0, allowed)));
        visit.script().copy(sent, bytes);
        int written = channel.write(bytes.flip());
        sent += written;
        sending.moved(written);
        witness.sent(written);
        if (written > 0) {
            lastSentNanos = now;
        }
        key.interestOps(interest());
        leaveWhenDone();
    }

    private void read(long now) throws IOException {
        long allowed = reading.allowed(now);
        ByteBuffer bytes = wire.buffer();
        bytes.limit((int) Math.min(bytes.capacity(), allowed));
        int read = allowed == 0 ? 0 : channel.read(bytes);
        if (read < 0) {
            end(status == 0 ? Ending.CLOSED : Ending.ofStatus(status));
            return;
        }
        bytes.flip();
        for (int i = 0; i < read && received + i < STATUS_END; i++) {
            if (received + i >= STATUS_BEGIN) {
                status = 10 * status + bytes.get(i) - '0';
            }
        }
        received += read;
        reading.moved(read);
        witness.received(read);
        leaveWhenDone();
    }

    private void leaveWhenDone() {
        if (!ended && sent + received >= visit.leaveAfterBytes()) {
            end(Ending.LEFT);
        }
    }

    private void end(Ending ending) {
        if (!ended) {
            cut();
            witness.ended(this, ending);
        }
    }

    /** Whether it has not ended. */
    public boolean isOpen() {
        return !ended;
    }

    /** Leaves at once, by a reset, and nobody hears of it. */
    public void cut() {
        ended = true;
        wire.forget(this);
        try {
            if (channel != null) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.close();
            }
        } catch (IOException gone) {
            // Closed all the same.
        }
    }
}
