package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Honest uploads of 1 to 16 MiB at 20 kB/s each; every other one does not say its length. */
final class SlowSenders extends Crowd {

    private static final int BYTES_PER_SECOND = 20_000;

    private final Field field;

    SlowSenders(Field field, int count) {
        super("senders-" + count, field, new Size(count, 20));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        long kibibytes = number % 4 < 2 ? 1_024 : 16 * 1_024;
        Script script = number % 2 == 0
                ? Requests.upload(field.own(number), 1_024 * kibibytes)
                : Requests.chunkedUpload(field.own(number), kibibytes);
        return Visit.of(script).sentAt(BYTES_PER_SECOND);
    }
}
