package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Methods of 3900 letters, no two alike, and a scrape of the metrics now and then. */
final class UnknownMethods extends Crowd {

    private static final int LETTERS = 3_900;
    private static final int SCRAPE_EVERY = 700;

    UnknownMethods(Field field) {
        super("methods", field, new Size(40, 100));
    }

    @Override
    Visit next(long number, Random chance) {
        if (number % SCRAPE_EVERY == SCRAPE_EVERY - 1) {
            return Visit.of(Script.of(Requests.head("GET", "/metrics", "")));
        }
        StringBuilder method = new StringBuilder(LETTERS);
        chance.ints(LETTERS, 'A', 'Z' + 1).forEach(letter -> method.append((char) letter));
        return Visit.of(Script.of(Requests.head(method.toString(), "/", "")));
    }
}
