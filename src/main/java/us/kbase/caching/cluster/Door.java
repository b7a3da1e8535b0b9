package us.kbase.caching.cluster;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection may cost before TLS has shown that it holds the secret: {@value #UNPROVEN_MAX} connections at once, {@value
 * #STARTS_MAX} a second, a quarter of both for one address, and {@value #BYTES_MAX} bytes each. The time is TLS's own limit. Who finds no
 * room is closed before anything is made for it. So an engine of TLS (some 50 KiB, and 2 ms of computing when the first message is
 * whole) is made for few strangers; a member that is kept away by many of them is told less, which is all that it loses.
 *
 * <p>Any thread: it stands in the pipeline of the listening socket and before each accepted one.
 */
@ChannelHandler.Sharable
final class Door extends ChannelInboundHandlerAdapter {

    static final int UNPROVEN_MAX = 16;
    static final int STARTS_MAX = 20;
    static final int BYTES_MAX = 64 << 10;

    private static final int SHARE = 4;
    private static final int REMEMBERED_MAX = 64;
    private static final int REASON_LENGTH_MAX = 120;
    private static final Logger log = LoggerFactory.getLogger(Door.class);

    private final Map<String, Integer> unproven = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private int unprovenCount;
    private int startCount;
    private long secondBegan = System.nanoTime();

    private final Set<String> told = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_MAX;
        }
    });

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel guest = (Channel) accepted;
        String address = address(guest);
        if (!enter(address, System.nanoTime())) {
            guest.unsafe().closeForcibly();
            return;
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                leave(address);
            }
        };
        guest.closeFuture().addListener(closed -> leave.run());
        guest.pipeline().addLast(new Guest(address, leave));
        context.fireChannelRead(accepted);
    }

    private static String address(Channel guest) {
        return guest.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? remote.getAddress().getHostAddress()
                : "somewhere";
    }

    /** Whether there is room for one more from there; {@link #leave} gives it back. */
    synchronized boolean enter(String address, long nowNanos) {
        if (nowNanos - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
            secondBegan = nowNanos;
            startCount = 0;
            starts.clear();
        }
        if (unprovenCount >= UNPROVEN_MAX
                || startCount >= STARTS_MAX
                || unproven.getOrDefault(address, 0) >= UNPROVEN_MAX / SHARE
                || starts.getOrDefault(address, 0) >= STARTS_MAX / SHARE) {
            return false;
        }
        unprovenCount++;
        startCount++;
        unproven.merge(address, 1, Integer::sum);
        starts.merge(address, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String address) {
        unprovenCount--;
        unproven.computeIfPresent(address, (known, count) -> count == 1 ? null : count - 1);
    }

    /** Once for each address, as far as they are remembered: strangers shall not fill the log. */
    private void tell(String address, Throwable cause) {
        synchronized (this) {
            if (!told.add(address)) {
                return;
            }
        }
        log.warn(
                "The cluster's port refused {}: it did not show the cluster's secret ({}). If it is a gateway, give both the same"
                        + " cluster.secret and cluster.name.",
                address,
                reason(cause));
    }

    /** Never what the stranger wrote: the message of the first failure quotes it. */
    private static String reason(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return "it does not speak TLS";
        }
        String text = String.valueOf(cause.getMessage());
        return text.substring(0, Math.min(text.length(), REASON_LENGTH_MAX));
    }

    /** Stands before TLS until that is done. Event loop only. */
    private final class Guest extends ChannelInboundHandlerAdapter {

        private final String address;
        private final Runnable leave;
        private int bytes;

        Guest(String address, Runnable leave) {
            this.address = address;
            this.leave = leave;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls == null) {
                ChannelFuture unused = context.close();
                return;
            }
            tls.handshakeFuture().addListener(done -> {
                leave.run();
                if (done.isSuccess()) {
                    context.pipeline().remove(this);
                } else {
                    tell(address, done.cause());
                    ChannelFuture unused = context.close();
                }
            });
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
            if (bytes > BYTES_MAX) {
                ReferenceCountUtil.release(message);
                ChannelFuture unused = context.close();
                return;
            }
            context.fireChannelRead(message);
        }
    }
}
