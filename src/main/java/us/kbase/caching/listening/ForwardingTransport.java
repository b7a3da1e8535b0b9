package us.kbase.caching.listening;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A transport of Vert.x that gives every call to the one below; a subclass changes what it wants. Any thread. */
public class ForwardingTransport implements Transport, io.vertx.core.transport.Transport {

    private final io.vertx.core.transport.Transport below;
    private final Transport implementation;

    /** Gives every call to that one. */
    protected ForwardingTransport(io.vertx.core.transport.Transport below) {
        this.below = below;
        this.implementation = below.implementation();
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        implementation.configure(options, domainSocket, bootstrap);
    }

    @Override
    public String name() {
        return below.name();
    }

    @Override
    public boolean available() {
        return below.available();
    }

    @Override
    public Transport implementation() {
        return this;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return below.unavailabilityCause();
    }

    @Override
    public boolean isAvailable() {
        return implementation.isAvailable();
    }

    @Override
    public boolean supportsDomainSockets() {
        return implementation.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return implementation.supportFileRegion();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public io.vertx.core.net.@Nullable SocketAddress convert(SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return implementation.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return implementation.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return implementation.datagramChannel();
    }

    @SuppressWarnings("deprecation")
    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return implementation.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return implementation.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return implementation.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        implementation.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int timeoutMillis, boolean domainSocket, Bootstrap bootstrap) {
        implementation.configure(options, timeoutMillis, domainSocket, bootstrap);
    }
}
