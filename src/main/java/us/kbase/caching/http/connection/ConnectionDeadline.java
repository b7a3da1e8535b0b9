package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client does not finish what it began. An idle timeout cannot do this: a byte now and then restarts it.
 * One per connection, on its event loop.
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
    void begin(Duration timeouts) {
        stop();
        long millis = timeouts.toMillis();
        timer = channel.eventLoop().schedule(() -> late(timeouts), millis, TimeUnit.MILLISECONDS);
    }

    /** Begins unless it runs. */
    void run(Duration timeouts) {
        if (timer == null) {
            begin(timeouts);
        }
    }

    /** While we do not read, the client is not to blame. */
    private void late(Duration timeouts) {
        if (channel.config().isAutoRead()) {
            end.run();
        } else {
            begin(timeouts);
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
