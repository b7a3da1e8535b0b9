package us.kbase.caching.listening;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A transport of Vert.x whose listening sockets take no connection until {@link #open} is called. Clients who connect before are not
 * refused: the system keeps them in its backlog. Without this, Vert.x takes connections as soon as the first of several event loops
 * listens, for that loop alone, and before the metrics of the server exist. Any thread.
 */
public final class ListeningSockets extends ForwardingTransport {

    private final Set<ServerChannel> shut = ConcurrentHashMap.newKeySet();

    private ListeningSockets(Transport below) {
        super(below);
    }

    /** The native transport where there is one. */
    public static ListeningSockets shut() {
        Transport found = Transport.nativeTransport();
        return new ListeningSockets(found != null && found.available() ? found : Transport.NIO);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> usual = super.serverChannelFactory(domainSocket);
        return () -> shut(usual.newChannel());
    }

    private ServerChannel shut(ServerChannel made) {
        made.config().setAutoRead(false);
        shut.add(made);
        made.closeFuture().addListener(closed -> shut.remove(made));
        return made;
    }

    /** Takes connections from now on at every socket that listens; one that is made later is shut again. */
    public void open() {
        List<ServerChannel> listening =
                shut.stream().filter(ServerChannel::isActive).toList();
        listening.forEach(socket -> socket.config().setAutoRead(true));
        listening.forEach(shut::remove);
    }
}
