package us.kbase.caching.cluster;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import us.kbase.caching.listening.ForwardingTransport;

/**
 * A transport of Vert.x with a {@link Door} before the event bus, which makes its listening socket itself and has no other place for
 * one. Any thread.
 */
final class DoorTransport extends ForwardingTransport {

    /** Puts a door before that transport. */
    DoorTransport(Transport below) {
        super(below);
    }

    /** Only the event bus listens for anything else than HTTP. */
    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        if (!(options instanceof HttpServerOptions)) {
            bootstrap.handler(new Door());
        }
    }
}
