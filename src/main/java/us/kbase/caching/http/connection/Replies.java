package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches the replies of one event loop that were written whole and have not left. If a client takes nothing of its reply for a
 * while, its connection is closed. The watch looks now and then, so a reply that leaves at once costs nothing. Event loop only.
 */
public final class Replies {

    private static final int LOOKS = 4;

    private final Vertx vertx;
    private final Duration timeouts;
    private final Map<ClientConnection, Watch> leaving = new HashMap<>();
    private boolean looking;

    public Replies(Vertx vertx, Duration timeouts) {
        this.vertx = vertx;
        this.timeouts = timeouts;
    }

    private static final class Watch {
        private long left = Long.MAX_VALUE;
        private long progressed;
        private int looksInVain;
    }

    /** All of it was handed over. */
    public void written(ClientConnection connection) {
        leaving.put(connection, new Watch());
        if (!looking) {
            looking = true;
            lookLater();
        }
    }

    /** It has left, or the connection has ended. */
    public void left(ClientConnection connection) {
        leaving.remove(connection);
    }

    private void lookLater() {
        vertx.setTimer(Math.max(1, timeouts.toMillis() / LOOKS), id -> look());
    }

    private void look() {
        for (ClientConnection stalled : leaving.entrySet().stream()
                .filter(reply -> stalls(reply.getKey().channel(), reply.getValue()))
                .map(Map.Entry::getKey)
                .toList()) {
            stalled.cut();
        }
        looking = !leaving.isEmpty();
        if (looking) {
            lookLater();
        }
    }

    private static boolean stalls(Channel channel, Watch watch) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null) {
            return false; // closed already
        }
        long left = pending.totalPendingWriteBytes();
        long progressed = pending.currentProgress();
        boolean moved = left != watch.left || progressed != watch.progressed;
        watch.left = left;
        watch.progressed = progressed;
        watch.looksInVain = moved ? 0 : watch.looksInVain + 1;
        return watch.looksInVain >= LOOKS;
    }
}
