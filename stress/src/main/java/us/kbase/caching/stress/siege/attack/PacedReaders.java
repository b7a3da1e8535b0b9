package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Visit;

/** Honest downloads of a large file, each at the same pace. */
final class PacedReaders extends Crowd {

    private static final int WINDOW_BYTES = 64 * 1024;

    private final Field field;
    private final long bytesPerSecond;

    PacedReaders(String name, Field field, int count, long bytesPerSecond) {
        super(name, field, new Size(count, 20));
        this.field = field;
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Requests.download(field.large())).readAt(bytesPerSecond, WINDOW_BYTES);
    }
}
