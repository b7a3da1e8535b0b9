package us.kbase.caching.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.names.Names;

/**
 * What Vert.x's clustered event bus asks of a cluster: who is there, where, and who listens to an address. It opens no port and
 * sends nothing itself: {@link Beats} go over the bus, and a gateway's id is the address of its bus. It keeps no data for anybody, so
 * maps, locks and counters of the cluster are refused; nothing that matters may be in the cluster. Any thread.
 */
final class Directory implements ClusterManager {

    private static final String NO_DATA = "this cluster carries messages and keeps no maps, locks or counters";

    private final Roster roster;
    private final Map<String, Set<RegistrationInfo>> registered = new LinkedHashMap<>();
    private final Contacts contacts;
    private volatile boolean joined;
    private volatile @Nullable Names names;
    private @Nullable NodeInfo own;
    private RegistrationListener listener = new RegistrationListener() {};
    private @Nullable NodeListener nodes;
    private Runnable changed = () -> {};

    Directory(Roster roster, Contacts contacts) {
        this.roster = roster;
        this.contacts = contacts;
    }

    /** What to do when somebody here begins or ends to listen. */
    synchronized void onChange(Runnable told) {
        this.changed = told;
    }

    /** The addresses that somebody here listens to and others may send to. */
    synchronized Set<String> listens() {
        Set<String> found = new HashSet<>();
        registered.forEach((address, all) -> {
            if (!Contacts.isSlot(address) && all.stream().anyMatch(info -> !info.localOnly())) {
                found.add(address);
            }
        });
        return found;
    }

    /** Takes in what another gateway tells. */
    synchronized void heard(Beat beat, long nowNanos) {
        boolean known = roster.others().contains(beat.id());
        update(roster.heard(beat, nowNanos));
        NodeListener told = nodes;
        if (!known && told != null && roster.others().contains(beat.id())) {
            told.nodeAdded(beat.id());
        }
    }

    /** Forgets who is silent. */
    synchronized void forget(long nowNanos) {
        Map<String, Set<String>> gone = roster.forget(nowNanos);
        gone.values().forEach(this::update);
        NodeListener told = nodes;
        if (told != null) {
            gone.keySet().forEach(told::nodeLeft);
        }
    }

    /** Another gateway is reached by this slot now. */
    synchronized void update(Collection<String> addresses) {
        for (String address : addresses) {
            if (listener.wantsUpdatesFor(address)) {
                listener.registrationsUpdated(new RegistrationUpdateEvent(address, registrations(address)));
            }
        }
    }

    private List<RegistrationInfo> registrations(String address) {
        if (Contacts.isSlot(address)) {
            return contacts.at(address)
                    .map(id -> List.of(new RegistrationInfo(id, 0, false)))
                    .orElse(List.of());
        }
        List<RegistrationInfo> all = new ArrayList<>(registered.getOrDefault(address, Set.of()));
        roster.listening(address).forEach(id -> all.add(new RegistrationInfo(id, 0, false)));
        return all;
    }

    @Override
    public synchronized void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        promise.succeed(registrations(address));
    }

    @Override
    public synchronized void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        registered.computeIfAbsent(address, key -> new HashSet<>()).add(info);
        registrationChanged(address, promise);
    }

    @Override
    public synchronized void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        registered.computeIfPresent(address, (key, all) -> {
            all.remove(info);
            return all.isEmpty() ? null : all;
        });
        registrationChanged(address, promise);
    }

    private void registrationChanged(String address, Completable<Void> promise) {
        if (!Contacts.isSlot(address)) {
            update(List.of(address));
            changed.run();
        }
        promise.succeed();
    }

    @Override
    public void init(Vertx vertx) {
        names = Names.ofMembers(vertx);
    }

    @Override
    public void join(Completable<Void> promise) {
        joined = true;
        promise.succeed();
    }

    @Override
    public void leave(Completable<Void> promise) {
        joined = false;
        promise.succeed();
    }

    @Override
    public boolean isActive() {
        return joined;
    }

    @Override
    public synchronized void nodeListener(NodeListener told) {
        this.nodes = told;
    }

    @Override
    public synchronized void registrationListener(RegistrationListener told) {
        this.listener = told;
    }

    @Override
    public String getNodeId() {
        return roster.own();
    }

    @Override
    public List<String> getNodes() {
        List<String> all = new ArrayList<>(roster.others());
        all.add(roster.own());
        return all;
    }

    @Override
    public synchronized void setNodeInfo(NodeInfo info, Completable<Void> promise) {
        own = info;
        promise.succeed();
    }

    @Override
    public synchronized @Nullable NodeInfo getNodeInfo() {
        return own;
    }

    /** An id is a name and a port. */
    @Override
    public void getNodeInfo(String id, Completable<NodeInfo> promise) {
        try {
            Membership.Address address = Membership.Address.parse(id);
            Objects.requireNonNull(names, "init comes first")
                    .address(address.host())
                    .map(found -> new NodeInfo(found, address.port(), null))
                    .onComplete(promise);
        } catch (IllegalArgumentException e) {
            promise.fail(e);
        }
    }

    @Override
    public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
        promise.fail(new UnsupportedOperationException(NO_DATA));
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String name) {
        throw new UnsupportedOperationException(NO_DATA);
    }

    @Override
    public void getLockWithTimeout(String name, long timeoutMillis, Completable<Lock> promise) {
        promise.fail(new UnsupportedOperationException(NO_DATA));
    }

    @Override
    public void getCounter(String name, Completable<Counter> promise) {
        promise.fail(new UnsupportedOperationException(NO_DATA));
    }
}
