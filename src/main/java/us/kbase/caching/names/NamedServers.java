package us.kbase.caching.names;

import io.vertx.core.Future;
import io.vertx.core.net.Address;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.endpoint.EndpointBuilder;
import io.vertx.core.spi.endpoint.EndpointResolver;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Names} in the form in which Vert.x' HTTP client asks for them. The client still says the name to the server (Host, SNI) and
 * compares its certificate with it; only where it connects to is decided here. Any thread.
 */
final class NamedServers implements EndpointResolver<SocketAddress, SocketAddress, NamedServers.Named<Object>, Object> {

    private final Names names;

    NamedServers(Names names) {
        this.names = names;
    }

    /** A server by its name, and its addresses in the client's form, made anew when they change. */
    static final class Named<E> {
        private final SocketAddress server;
        private final EndpointBuilder<E, SocketAddress> builder;
        private List<InetAddress> addresses = List.of();
        private @Nullable E endpoint;

        Named(SocketAddress server, EndpointBuilder<E, SocketAddress> builder) {
            this.server = server;
            this.builder = builder;
        }

        synchronized E endpoint(List<InetAddress> now) {
            E made = endpoint;
            if (made == null || !now.equals(addresses)) {
                EndpointBuilder<E, SocketAddress> servers = builder;
                for (InetAddress address : now) {
                    servers =
                            servers.addServer(SocketAddress.inetSocketAddress(server.port(), address.getHostAddress()));
                }
                made = servers.build();
                endpoint = made;
                addresses = now;
            }
            return made;
        }
    }

    @Override
    public @Nullable SocketAddress tryCast(Address address) {
        return address instanceof SocketAddress server && server.isInetSocket() ? server : null;
    }

    @Override
    public SocketAddress addressOf(SocketAddress server) {
        return server;
    }

    @Override
    public Future<Named<Object>> resolve(SocketAddress server, EndpointBuilder<Object, SocketAddress> builder) {
        return names.addresses(server.host()).map(known -> new Named<>(server, builder));
    }

    @Override
    public Object endpoint(Named<Object> named) {
        return named.endpoint(names.known(named.server.host()));
    }

    @Override
    public boolean isValid(Named<Object> named) {
        return true;
    }

    @Override
    public void dispose(Named<Object> named) {}

    @Override
    public void close() {}
}
