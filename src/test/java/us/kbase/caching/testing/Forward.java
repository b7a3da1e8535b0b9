package us.kbase.caching.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

/** Passes connections on, from one address of this machine to another. */
public final class Forward {

    private Forward() {}

    /** Listens on a free port of a host and passes on to a target; gives the port. */
    public static int start(Vertx vertx, String host, SocketAddress target) {
        var client = vertx.createNetClient();
        NetServer server = vertx.createNetServer().connectHandler(socket -> {
            socket.pause();
            client.connect(target)
                    .onSuccess(other -> {
                        pass(socket, other);
                        pass(other, socket);
                    })
                    .onFailure(refused -> socket.close());
        });
        return Await.result(server.listen(0, host)).actualPort();
    }

    private static void pass(NetSocket from, NetSocket to) {
        from.exceptionHandler(broken -> to.close());
        from.pipeTo(to).onFailure(broken -> to.close());
    }
}
