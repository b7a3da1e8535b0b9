package us.kbase.caching.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One row of the table of keys.
 *
 * @param name as in the file, {@code section.key}
 * @param kind what its value can be
 * @param byDefault what holds without a word
 * @param says what it means and what follows from it, for the documentation
 */
record Key<T>(String name, Kind<T> kind, Default<T> byDefault, String says) {

    /**
     * What holds without a word.
     *
     * @param value nothing where nothing does
     * @param sample stands in the sample file, where it must not depend on the machine
     * @param documented as the documentation says it
     */
    record Default<T>(Supplier<Optional<T>> value, String sample, String documented) {}

    /** A key whose default is this text. */
    static <T> Key<T> of(String name, Kind<T> kind, String byDefault, String says) {
        T value = kind.reader().apply(new Raw.Scalar(byDefault, false, name));
        return new Key<>(name, kind, new Default<>(() -> Optional.of(value), byDefault, byDefault), says);
    }

    /** A key whose default depends on the machine or on other keys. */
    static <T> Key<T> computed(
            String name, Kind<T> kind, Supplier<T> value, String sample, String documented, String says) {
        return new Key<>(name, kind, new Default<>(() -> Optional.of(value.get()), sample, documented), says);
    }

    /** A key that is not set without a word; the sample shows an example, which may be empty. */
    static <T> Key<T> unset(String name, Kind<T> kind, String example, String says) {
        return new Key<>(name, kind, new Default<>(Optional::empty, example, "none"), says);
    }

    /** Its name in the environment. */
    String environmentName() {
        return "CACHING_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** All but what stands behind the last dot. */
    String section() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** What stands behind the last dot. */
    String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
