package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Listings of 1000 entries, read at 1 kB/s. */
final class SlowListings extends Crowd {

    private final Field field;

    SlowListings(Field field) {
        super("slow-listings", field, new Size(50, 5));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        String authorization = Requests.authorization(field.own(number));
        return Visit.of(Script.of(Requests.head("GET", "/v1/cache?limit=1000", authorization)))
                .readAt(1_000, 4_096);
    }
}
