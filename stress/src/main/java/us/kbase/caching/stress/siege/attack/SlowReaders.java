package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Visit;

/** Readers of a large file that take a few bytes a second through the smallest window, as slowhttptest -X does. */
final class SlowReaders extends Crowd {

    private static final int WINDOW_BYTES = 2_048;

    private final Field field;

    SlowReaders(Field field) {
        super("slow-readers", field, new Size(1_000, 50));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Requests.download(field.large())).readAt(10, WINDOW_BYTES);
    }
}
