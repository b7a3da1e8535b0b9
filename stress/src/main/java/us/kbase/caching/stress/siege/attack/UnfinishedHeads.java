package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Heads of 4000 headers of four bytes each that never end: few bytes, many objects. */
final class UnfinishedHeads extends Crowd {

    private static final int HEADERS = 4_000;

    UnfinishedHeads(Field field) {
        super("heads", field, new Size(350, 50));
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Script.of("GET / HTTP/1.1\r\nHost: siege\r\n").then("a:\r\n", HEADERS));
    }
}
