package us.kbase.caching.stress.siege.attack;

import java.util.List;
import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Two clients that pipeline 24 000 requests each and never read a reply. */
final class NeverReadingPipeliners extends Crowd {

    private static final int REQUESTS = 24_000;
    private static final List<String> PATHS = List.of("/metrics", "/v1", "/healthz", "/", "/none", "/readyz");

    NeverReadingPipeliners(Field field) {
        super("pipeline", field, new Size(2, 0.1));
    }

    @Override
    Visit next(long number, Random chance) {
        String path = PATHS.get((int) (number / 2 % PATHS.size()));
        return Visit.of(Script.of("").then(Requests.keptHead("GET", path, ""), REQUESTS))
                .readAt(0, 4096);
    }
}
