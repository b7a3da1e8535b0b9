package us.kbase.caching.cluster;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where beats are sent: the members of the configuration, and whom the others tell of. Each has a slot, an address of the bus
 * that every gateway listens to: so a gateway hears what is sent to it by whatever name, and whoever sends chooses by the slot. Any
 * thread.
 */
final class Contacts {

    private static final String SLOT = "us.kbase.caching.beat.";

    private final String own;
    private final Set<String> configured;
    private final List<@Nullable String> slots = new ArrayList<>();

    Contacts(Membership membership) {
        this.own = membership.own().toString();
        this.configured = new LinkedHashSet<>();
        membership.members().stream()
                .map(Membership.Address::toString)
                .filter(id -> !id.equals(own))
                .limit(Roster.PEERS_MAX)
                .forEach(configured::add);
        slots.addAll(configured);
    }

    static boolean isSlot(String address) {
        return address.startsWith(SLOT);
    }

    /** Every slot there can be. */
    static List<String> allSlots() {
        List<String> all = new ArrayList<>();
        for (int slot = 0; slot < Roster.PEERS_MAX; slot++) {
            all.add(SLOT + slot);
        }
        return all;
    }

    /** Who has this slot. */
    synchronized Optional<String> at(String address) {
        int slot = Integer.parseInt(address.substring(SLOT.length()));
        return slot < slots.size() ? Optional.ofNullable(slots.get(slot)) : Optional.empty();
    }

    /** The slot of a contact, when it has one. */
    synchronized Optional<String> slot(String id) {
        int slot = slots.indexOf(id);
        return slot < 0 ? Optional.empty() : Optional.of(SLOT + slot);
    }

    /** Everybody who is written to. */
    synchronized List<String> all() {
        List<String> all = new ArrayList<>();
        for (String id : slots) {
            if (id != null) {
                all.add(id);
            }
        }
        return all;
    }

    /** Writes to these too from now on, as far as there are slots, and no longer to others; the slots that changed. */
    synchronized Set<String> follow(Set<String> learned) {
        Set<String> wanted = new LinkedHashSet<>(configured);
        wanted.addAll(learned);
        wanted.remove(own);
        Set<String> changed = new LinkedHashSet<>();
        for (int slot = 0; slot < slots.size(); slot++) {
            String id = slots.get(slot);
            if (id != null && !wanted.remove(id)) {
                slots.set(slot, null);
                changed.add(SLOT + slot);
            }
        }
        for (String id : wanted) {
            int free = slots.indexOf(null);
            if (free < 0 && slots.size() < Roster.PEERS_MAX) {
                free = slots.size();
                slots.add(null);
            }
            if (free >= 0) {
                slots.set(free, id);
                changed.add(SLOT + free);
            }
        }
        return changed;
    }
}
