package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Honest uploads at 20 kB/s each: most of 16 MiB and known length, which are streamed, some in chunks, some of 1 MiB. */
final class SlowSenders extends Crowd {

    private static final int BYTES_PER_SECOND = 20_000;
    private static final long LONG_KIBIBYTES = 16 * 1_024;
    private static final long SHORT_BYTES = 1 << 20;
    private static final int MANY = 500;

    private final Field field;
    private final int otherEvery;

    SlowSenders(Field field, int count) {
        super("senders-" + count, field, new Size(count, 20));
        this.field = field;
        this.otherEvery = count > MANY ? 4 : 32; // of 110, more are streamed than two loops have S3 connections
    }

    @Override
    Visit next(long number, Random chance) {
        Field.Owned owned = field.own(number);
        Script script = switch ((int) (number % otherEvery)) {
            case 1 -> Requests.chunkedUpload(owned, LONG_KIBIBYTES);
            case 2 -> Requests.upload(owned, SHORT_BYTES);
            default -> Requests.upload(owned, 1_024 * LONG_KIBIBYTES);
        };
        return Visit.of(script).sentAt(BYTES_PER_SECOND);
    }
}
