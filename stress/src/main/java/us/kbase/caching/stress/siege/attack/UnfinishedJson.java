package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Bodies of 1 MiB to {@code cache_id} that stop before their last byte; with a token. */
final class UnfinishedJson extends Crowd {

    private static final int BODY_BYTES = 1 << 20;
    private static final String BEGIN = "{\"a\":[";
    private static final String ELEMENT = "1,";

    UnfinishedJson(Field field) {
        super("json", field, new Size(160, 20));
        this.field = field;
    }

    private final Field field;

    @Override
    Visit next(long number, Random chance) {
        String head = Requests.head(
                "POST",
                "/v1/cache_id",
                Requests.authorization(field.own(number)) + "Content-Type: application/json\r\nContent-Length: "
                        + BODY_BYTES + "\r\n");
        return Visit.of(
                Script.of(head).then(BEGIN, 1).then(ELEMENT, (BODY_BYTES - BEGIN.length() - 1) / ELEMENT.length()));
    }
}
