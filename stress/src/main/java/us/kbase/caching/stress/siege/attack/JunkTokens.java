package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** 5000 tokens that nobody gave out, in a burst: 100 connections, 50 requests each; then a connection a second. */
final class JunkTokens extends Crowd {

    private static final int REQUESTS = 50;

    JunkTokens(Field field) {
        super("junk-tokens", field, new Size(100, 1));
    }

    @Override
    Visit next(long number, Random chance) {
        Script script = Script.of("");
        for (int i = 0; i < REQUESTS; i++) {
            String token = "Authorization: JUNK" + Long.toHexString(chance.nextLong()) + "\r\n";
            script = script.then(Requests.keptHead("GET", "/v1/cache/none", token), 1);
        }
        return Visit.of(script).staying(10_000);
    }
}
