package us.kbase.caching.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import us.kbase.caching.listening.ListeningSockets;
import us.kbase.caching.names.OwnName;

/**
 * Gateways joined by Vert.x's event bus alone: one port, TLS on it, a key that only holders of the secret have, and a {@link Door}
 * before that. No object is made from what a message says (no Java serialization).
 */
final class BusCluster implements Cluster {

    private static final String TOLD = "us.kbase.caching.changed";
    private static final String SENDER = "sender";
    private static final int CONNECT_MILLIS = 3_000;
    private static final int HANDSHAKE_SECONDS = 3;
    private static final int PING_MILLIS = 3_000;

    private final Vertx vertx;
    private final Roster roster;
    private final HintSender teller;

    private BusCluster(Vertx vertx, Roster roster) {
        this.vertx = vertx;
        this.roster = roster;
        this.teller = new HintSender(vertx, TOLD, new DeliveryOptions().addHeader(SENDER, roster.own()));
    }

    static Future<Cluster> join(
            VertxBuilder builder, VertxOptions options, ListeningSockets sockets, Membership membership) {
        return OwnName.address("cluster.host", membership.own().host())
                .compose(address ->
                        join(builder.with(options.setEventBusOptions(bus(membership, address))), sockets, membership));
    }

    private static Future<Cluster> join(VertxBuilder builder, ListeningSockets sockets, Membership membership) {
        Roster roster = new Roster(membership.own().toString(), System.currentTimeMillis());
        Contacts contacts = new Contacts(membership);
        Directory directory = new Directory(roster, contacts);
        return builder.withTransport(new DoorTransport(sockets))
                .withClusterManager(directory)
                .buildClustered()
                .compose(vertx -> {
                    sockets.open();
                    vertx.eventBus().serializableChecker(name -> false).clusterSerializableChecker(name -> false);
                    return new Beats(vertx, roster, contacts, directory)
                            .start()
                            .map(v -> new BusCluster(vertx, roster));
                });
    }

    private static EventBusOptions bus(Membership membership, String ownAddress) {
        EventBusOptions bus =
                ClusterKey.of(membership.secret().reveal(), membership.name()).required(new EventBusOptions());
        bus.setTrustAll(false) // by default a bus believes every server
                .setClientAuth(ClientAuth.REQUIRED)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        return bus.setHost(ownAddress)
                .setPort(membership.own().port())
                .setConnectTimeout(CONNECT_MILLIS)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS);
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Hints hints() {
        return Hints.FROM_ALL;
    }

    /** The gateway that began first. One that hears of no other is on its own. */
    @Override
    public boolean leads() {
        return roster.leads(System.nanoTime());
    }

    @Override
    public void tell(String key) {
        teller.tell(key);
    }

    @Override
    public void listen(Consumer<String> told) {
        vertx.eventBus().<String>consumer(TOLD, message -> {
            if (!roster.own().equals(message.headers().get(SENDER))) {
                List.of(message.body().split(",")).forEach(told);
            }
        });
    }
}
