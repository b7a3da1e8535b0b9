package us.kbase.caching.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.function.Consumer;
import us.kbase.caching.listening.ListeningSockets;

/** The gateways that this one knows. All that it says is a hint and may be late, doubled or lost. */
public interface Cluster {

    /** How long those who wait may go without looking at the store themselves: hints make up the rest. */
    enum Hints {
        /** Other gateways' changes are told. */
        FROM_ALL,
        /** Only this gateway's own are known. */
        OWN_ONLY
    }

    /** The Vert.x that everything runs on. */
    Vertx vertx();

    /** Whose changes are heard of. */
    Hints hints();

    /** Whether this gateway is the one that does what is best done once; in a partition several think so. */
    boolean leads();

    /** Tells the others that something changed. */
    void tell(String key);

    /** Hears what the others tell. */
    void listen(Consumer<String> told);

    /** One gateway that knows no other. */
    static Future<Cluster> alone(VertxBuilder builder, VertxOptions options, ListeningSockets sockets) {
        return Future.succeededFuture(
                new SingleNode(builder.with(options).withTransport(sockets).build()));
    }

    /** Joins the members that answer, or begins a cluster that others join. Fails when the port cannot be had. */
    static Future<Cluster> join(
            VertxBuilder builder, VertxOptions options, ListeningSockets sockets, Membership membership) {
        return BusCluster.join(builder, options, sockets, membership);
    }
}
