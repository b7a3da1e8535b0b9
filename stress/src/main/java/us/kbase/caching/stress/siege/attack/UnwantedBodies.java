package us.kbase.caching.stress.siege.attack;

import java.util.List;
import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Bodies of 64 MiB for routes that want none: at 4 MB/s, and a byte every three seconds. */
final class UnwantedBodies extends Crowd {

    private static final int BODY_BYTES = 64 << 20;
    private static final long QUICK = 4_000_000;
    private static final List<String> LINES =
            List.of("GET /v1", "DELETE /v1/cache/none", "POST /none", "PUT /v1", "HEAD /healthz", "GET /metrics");

    UnwantedBodies(Field field) {
        super("unwanted", field, new Size(12, 2));
    }

    @Override
    Visit next(long number, Random chance) {
        String[] line = LINES.get((int) (number % LINES.size())).split(" ");
        String framing = "Content-Length: " + BODY_BYTES + "\r\n";
        Script body = Script.of(Requests.keptHead(line[0], line[1], framing)).then(new byte[4096], BODY_BYTES / 4096);
        if (number % 2 == 0) {
            return Visit.of(body).sentAt(QUICK);
        }
        // Its head comes at this pace as well, within a minute.
        return Visit.of(body).sentAt(3);
    }
}
