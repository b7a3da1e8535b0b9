package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Script;
import us.kbase.caching.stress.siege.wire.Visit;

/** Clients that leave, by a reset, anywhere in an upload, a download, a listing or a head. */
final class Leavers extends Crowd {

    private final Field field;

    Leavers(Field field) {
        super("leavers", field, new Size(50, 50));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        Field.Owned owned = field.own(number);
        Script script = switch ((int) (number % 5)) {
            case 0 -> Requests.upload(owned, 1 + chance.nextInt(200_000));
            case 1 -> Requests.upload(owned, 6 << 20);
            case 2 -> Requests.chunkedUpload(owned, 1 + chance.nextInt(2_000));
            case 3 -> Requests.download(field.large());
            default -> Script.of(Requests.head("GET", "/v1/cache?limit=1000", Requests.authorization(owned)));
        };
        // Evenly over the orders of magnitude: near the beginning there is most to go wrong.
        return Visit.of(script).leavingAfter((long) Math.pow(10, 1 + 6 * chance.nextDouble()));
    }
}
