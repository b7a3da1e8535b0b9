package us.kbase.caching.stress.siege.attack;

import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import us.kbase.caching.stress.siege.wire.Visit;

/** Calls whose S3 objects S3 answers with an error of 150 MiB: downloads, small uploads, parts. */
final class HugeErrors implements Attack {

    private final Callers callers;
    private final Set<String> ids;
    private final Consumer<Set<String>> curse;

    HugeErrors(Field field, Consumer<Set<String>> curse) {
        this.callers = new Callers(field);
        this.ids = field.cursed().stream().map(Field.Owned::id).collect(Collectors.toUnmodifiableSet());
        this.curse = curse;
    }

    @Override
    public String name() {
        return callers.name();
    }

    @Override
    public void start() {
        curse.accept(ids);
        callers.start();
    }

    @Override
    public void stop() {
        callers.stop();
        curse.accept(Set.of());
    }

    @Override
    public Counts counts() {
        return callers.counts();
    }

    private static final class Callers extends Crowd {
        private final Field field;

        Callers(Field field) {
            super("huge-errors", field, new Size(6, 2));
            this.field = field;
        }

        @Override
        Visit next(long number, Random chance) {
            Field.Owned owned =
                    field.cursed().get((int) (number % field.cursed().size()));
            return Visit.of(
                    switch ((int) (number % 3)) {
                        case 0 -> Requests.download(owned);
                        case 1 -> Requests.upload(owned, 10_000);
                        default -> Requests.upload(owned, 7 << 20);
                    });
        }
    }
}
