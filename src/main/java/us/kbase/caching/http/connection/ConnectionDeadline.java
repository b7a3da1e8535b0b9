package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client does not send what it began: an idle timeout never sees one that sends a byte now and then. One
 * per connection, on its event loop.
 */
final class ConnectionDeadline {

    private final Channel channel;
    private final Runnable end;
    private @Nullable ScheduledFuture<?> timer;

    ConnectionDeadline(Channel channel, Runnable end) {
        this.channel = channel;
        this.end = end;
    }

    /** Begins anew. */
    void begin(Duration patience) {
        stop();
        long millis = patience.toMillis();
        timer = channel.eventLoop().schedule(() -> late(patience), millis, TimeUnit.MILLISECONDS);
    }

    /** Begins unless it runs. */
    void run(Duration patience) {
        if (timer == null) {
            begin(patience);
        }
    }

    /** While we do not read, the client is not to blame. */
    private void late(Duration patience) {
        if (channel.config().isAutoRead()) {
            end.run();
        } else {
            begin(patience);
        }
    }

    void stop() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
