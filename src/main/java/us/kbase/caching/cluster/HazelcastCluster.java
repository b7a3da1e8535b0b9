package us.kbase.caching.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.function.Consumer;

/** Members found by address, over one bound interface: no multicast, no word to anybody outside. */
final class HazelcastCluster implements Cluster {

    private static final String TOLD = "us.kbase.caching.changed";
    private static final String SENDER = "sender";

    private final Vertx vertx;
    private final HazelcastClusterManager manager;
    private final Teller teller;

    private HazelcastCluster(Vertx vertx, HazelcastClusterManager manager) {
        this.vertx = vertx;
        this.manager = manager;
        this.teller = new Teller(vertx, TOLD, new DeliveryOptions().addHeader(SENDER, manager.getNodeId()));
    }

    static Future<Cluster> join(VertxBuilder builder, VertxOptions options, Membership membership) {
        Membership.Address own = membership.own();
        EventBusOptions bus = new EventBusOptions()
                .setHost(own.host())
                .setPort(own.port() + Membership.BUS_OFFSET)
                .setConnectTimeout(3_000)
                .setClusterPingInterval(5_000)
                .setClusterPingReplyInterval(5_000);
        HazelcastClusterManager manager = new HazelcastClusterManager(config(membership));
        return builder.with(options.setEventBusOptions(bus))
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new HazelcastCluster(vertx, manager));
    }

    private static Config config(Membership membership) {
        Config config = new Config().setClusterName(membership.name());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        // A member that died is forgotten within ten seconds, so that another one sweeps.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "2");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        config.setProperty("hazelcast.wait.seconds.before.join", "1");
        config.setProperty("hazelcast.partition.count", "31");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "10");
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(membership.own().port()).setPortAutoIncrement(false);
        network.setPublicAddress(membership.own().toString());
        network.getInterfaces().setEnabled(true).addInterface(membership.own().host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2);
        membership.members().forEach(member -> join.getTcpIpConfig().addMember(member.toString()));
        // What Vert.x keeps about its event bus.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        return config;
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Hints hints() {
        return Hints.FROM_ALL;
    }

    /** The member that has been there longest. One whose membership ended is on its own. */
    @Override
    public boolean leads() {
        if (!manager.getHazelcastInstance().getLifecycleService().isRunning()) {
            return true;
        }
        return manager.getHazelcastInstance()
                .getCluster()
                .getMembers()
                .iterator()
                .next()
                .localMember();
    }

    @Override
    public void tell(String key) {
        teller.tell(key);
    }

    @Override
    public void listen(Consumer<String> told) {
        vertx.eventBus().<String>consumer(TOLD, message -> {
            if (!manager.getNodeId().equals(message.headers().get(SENDER))) {
                List.of(message.body().split(",")).forEach(told);
            }
        });
    }
}
