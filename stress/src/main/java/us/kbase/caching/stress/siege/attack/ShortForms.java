package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import us.kbase.caching.stress.siege.wire.Visit;

/** Forms of 125 kB that stop 12 kB before their end. */
final class ShortForms extends Crowd {

    private final Field field;

    ShortForms(Field field) {
        super("short-forms", field, new Size(800, 50));
        this.field = field;
    }

    @Override
    Visit next(long number, Random chance) {
        return Visit.of(Requests.shortUpload(field.own(number), 125_000, 12_000));
    }
}
