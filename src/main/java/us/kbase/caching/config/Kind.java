package us.kbase.caching.config;

import java.util.function.Function;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.config.source.WrongValue;

/**
 * What a key's value can be.
 *
 * @param expected completes the sentence "must be …"
 * @param unit in which numbers are, empty without one
 * @param range as the documentation shows it, empty where the expectation says all
 * @param secret whether no message may show the value
 * @param reader makes the value, or throws {@link IllegalArgumentException} where it is not what is expected, {@link WrongValue} where
 *     more can be said
 * @param shown the value's text where secrets are not shown
 */
record Kind<T>(
        String expected,
        String unit,
        String range,
        boolean secret,
        Function<Raw, T> reader,
        Function<T, String> shown) {

    /** A kind of one text. */
    static <T> Kind<T> scalar(String expected, Function<String, T> reader) {
        return new Kind<>(expected, "", "", false, raw -> reader.apply(text(raw)), String::valueOf);
    }

    Kind<T> in(String newUnit, String newRange) {
        return new Kind<>(expected, newUnit, newRange, secret, reader, shown);
    }

    Kind<T> shownAs(Function<T, String> newShown) {
        return new Kind<>(expected, unit, range, secret, reader, newShown);
    }

    Kind<T> asSecret() {
        return new Kind<>(expected, unit, range, true, reader, value -> "(set)");
    }

    private static String text(Raw raw) {
        return switch (raw) {
            case Raw.Scalar scalar -> TextFile.checked(scalar.text());
            case Raw.Items items -> throw new WrongValue("must be a single value, not a list");
            case Raw.Entries entries -> throw new WrongValue("must be a single value, not a mapping");
            case Raw.Nothing nothing -> "";
        };
    }
}
