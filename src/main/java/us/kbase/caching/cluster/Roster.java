package us.kbase.caching.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which gateways are there: those heard of within {@link #FORGOTTEN_AFTER}. Any thread; time is what the caller says. */
final class Roster {

    /** Further gateways are not taken in. */
    static final int PEERS_MAX = 64;

    /** Further addresses of one gateway are not told. */
    static final int ADDRESSES_MAX = 1_000;

    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(8);

    private record Peer(Beat last, long heardNanos) {}

    private final String own;
    private final long sinceMillis;
    private final Map<String, Peer> peers = new HashMap<>();

    Roster(String own, long sinceMillis) {
        this.own = own;
        this.sinceMillis = sinceMillis;
    }

    String own() {
        return own;
    }

    /** Takes a beat in; the addresses of the bus that are listened to elsewhere now, or no longer. */
    synchronized Set<String> heard(Beat beat, long nowNanos) {
        if (beat.id().equals(own) || (peers.size() >= PEERS_MAX && !peers.containsKey(beat.id()))) {
            return Set.of();
        }
        Peer before = peers.put(beat.id(), new Peer(beat, nowNanos));
        return difference(before == null ? Set.of() : before.last.listens(), beat.listens());
    }

    private static Set<String> difference(Set<String> one, Set<String> other) {
        Set<String> changed = new HashSet<>(one);
        changed.addAll(other);
        changed.removeIf(address -> one.contains(address) && other.contains(address));
        return changed;
    }

    /** Forgets who has been silent too long; each with what it listened to. */
    synchronized Map<String, Set<String>> forget(long nowNanos) {
        Map<String, Set<String>> gone = peers.values().stream()
                .filter(peer -> silent(peer, nowNanos))
                .collect(Collectors.toMap(peer -> peer.last.id(), peer -> peer.last.listens()));
        peers.keySet().removeAll(gone.keySet());
        return gone;
    }

    private static boolean silent(Peer peer, long nowNanos) {
        return nowNanos - peer.heardNanos > FORGOTTEN_AFTER.toNanos();
    }

    /** The ids of the others. */
    synchronized Set<String> others() {
        return Set.copyOf(peers.keySet());
    }

    /** Gateways that others hear of. */
    synchronized Set<String> told() {
        Set<String> told = new LinkedHashSet<>();
        peers.values().forEach(peer -> told.addAll(peer.last.known()));
        told.remove(own);
        return told;
    }

    /** Who of the others listens to an address of the bus. */
    synchronized List<String> listening(String address) {
        List<String> found = new ArrayList<>();
        peers.forEach((id, peer) -> {
            if (peer.last.listens().contains(address)) {
                found.add(id);
            }
        });
        return found;
    }

    /** Whether nobody who is heard of began earlier. Clocks that differ make another one lead, which does no harm. */
    synchronized boolean leads(long nowNanos) {
        return peers.values().stream()
                .filter(peer -> !silent(peer, nowNanos))
                .map(Peer::last)
                .noneMatch(peer -> peer.sinceMillis() < sinceMillis
                        || (peer.sinceMillis() == sinceMillis && peer.id().compareTo(own) < 0));
    }

    /** What this gateway tells of itself. */
    synchronized Beat beat(Beat.Kind kind, String contact, Set<String> listens) {
        return new Beat(
                own,
                sinceMillis,
                kind,
                contact,
                Set.copyOf(peers.keySet()),
                listens.stream().limit(ADDRESSES_MAX).collect(Collectors.toUnmodifiableSet()));
    }
}
