package us.kbase.caching.expiry;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.store.Sighting;
import us.kbase.caching.store.Upkeep;

/** Looks at an object and judges it, by the store's clock alone. */
final class Inspection {

    private final Upkeep upkeep;

    Inspection(Upkeep upkeep) {
        this.upkeep = upkeep;
    }

    /** An object and what is to be done with it. */
    record Seen(Sighting sighting, Verdict verdict) {
        boolean isSame(Seen other) {
            return sighting.stored().etag().equals(other.sighting().stored().etag()) && verdict == other.verdict();
        }
    }

    /** What lies under a key now, if anything. */
    Future<Optional<Seen>> look(String key) {
        return upkeep.look(key).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Sighting sighting = found.get();
            Entry entry = entry(sighting, OptionalLong.empty());
            Future<Entry> renewed = entry instanceof Entry.Expired expired && expired.isFile()
                    ? upkeep.lastUsed(key).map(day -> entry(sighting, day))
                    : Future.succeededFuture(entry);
            return renewed.map(judged -> Optional.of(new Seen(sighting, verdict(judged, sighting))));
        });
    }

    private static Entry entry(Sighting sighting, OptionalLong lastUsedDay) {
        return Entry.of(
                sighting.stored(),
                lastUsedDay,
                sighting.at().minus(Verdict.GRACE).getEpochSecond());
    }

    private Verdict verdict(Entry entry, Sighting sighting) {
        return Verdict.of(entry, upkeep.etagNamesVersion(), sighting.at().getEpochSecond());
    }
}
