package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Bodies that come a few bytes a second, as slowhttptest -B sends them: half to {@code cache_id}, half to uploads. */
final class SlowBodies extends Crowd {

    private static final int BODY_BYTES = 4_096;

    private final Field field;

    SlowBodies(Field field) {
        super("slow-bodies", field, new Size(1_000, 50));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        if (number % 2 == 0) {
            return Visit.of(Requests.upload(field.own(number), BODY_BYTES)).sentAt(20);
        }
        String head = Requests.head(
                "POST",
                "/v1/cache_id",
                Requests.authorization(field.own(number)) + "Content-Type: application/json\r\nContent-Length: "
                        + BODY_BYTES + "\r\n");
        return Visit.of(Script.of(head).then("{\"a\":\"" + "b".repeat(BODY_BYTES), 1))
                .sentAt(20);
    }
}
