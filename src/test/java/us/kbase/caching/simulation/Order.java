package us.kbase.caching.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether what clients were told looks like one act after the other (Wing and Gong 1993, with Lowe's memory of what failed). */
final class Order {

    private record Place(long done, Model model) {}

    private final List<Act> acts;
    private final Set<Place> failed = new HashSet<>();

    private Order(List<Act> acts) {
        this.acts = acts;
    }

    /** Whether there is an order of the acts, each within its time, in which every reply is right. */
    static boolean exists(Model before, List<Act> acts) {
        return new Order(acts).from(new Place(0, before));
    }

    private boolean from(Place place) {
        if (place.done() == (1L << acts.size()) - 1) {
            return true;
        }
        if (!failed.add(place)) {
            return false;
        }
        for (int i = 0; i < acts.size(); i++) {
            if (mayBeNext(place.done(), i)) {
                for (Model after : place.model().after(acts.get(i))) {
                    if (from(new Place(place.done() | 1L << i, after))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean mayBeNext(long done, int next) {
        for (int i = 0; i < acts.size(); i++) {
            boolean open = (done & 1L << i) == 0;
            if (open && acts.get(i).isBefore(acts.get(next))) {
                return false;
            }
        }
        return (done & 1L << next) == 0;
    }
}
