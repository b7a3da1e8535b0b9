package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Visit;

/** A thousand uploads in one burst, as fast as they are taken; then a few a second. */
final class UploadsAtOnce extends Crowd {

    private final Field field;
    private final long fileBytes;

    UploadsAtOnce(String name, Field field, long fileBytes) {
        super(name, field, new Size(1_000, 10));
        this.field = field;
        this.fileBytes = fileBytes;
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Requests.upload(field.own(number), fileBytes)).staying(300_000);
    }
}
