package us.kbase.caching.expiry;

import io.vertx.core.Future;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Upkeep;

/** Looks at an object and judges it, by the store's clock alone. */
final class Inspection {

    private final Upkeep upkeep;

    Inspection(Upkeep upkeep) {
        this.upkeep = upkeep;
    }

    /** An object and what is to be done with it. */
    record Seen(Observation observation, Verdict verdict) {
        boolean isSame(Seen other) {
            return observation
                            .stored()
                            .etag()
                            .equals(other.observation().stored().etag())
                    && verdict == other.verdict();
        }
    }

    /** What lies under a key now, if anything. */
    Future<Optional<Seen>> look(String key) {
        return upkeep.look(key).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Observation observation = found.get();
            return EntryReader.of(
                            observation.stored(),
                            observation.at().minus(Verdict.GRACE).getEpochSecond(),
                            upkeep::lastUsed)
                    .map(entry -> Optional.of(new Seen(observation, verdict(entry, observation))));
        });
    }

    private Verdict verdict(Entry entry, Observation observation) {
        return Verdict.of(entry, upkeep.etagNamesVersion(), observation.at().getEpochSecond());
    }
}
