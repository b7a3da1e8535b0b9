package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Heads that come two bytes a second and never end, as slowhttptest -H sends them. */
final class SlowHeads extends Crowd {

    SlowHeads(Field field) {
        super("slow-heads", field, new Size(1_000, 50));
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Script.of("GET / HTTP/1.1\r\nHost: siege\r\n").then("X-a: b\r\n", 1_000))
                .sentAt(2);
    }
}
