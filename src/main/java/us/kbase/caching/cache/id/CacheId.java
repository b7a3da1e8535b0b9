package us.kbase.caching.cache.id;

import java.util.Optional;
import us.kbase.caching.text.AsciiSet;

/**
 * The name of an entry: 1 to 128 of {@code [0-9A-Za-z_-]}. Ids made today are 128 lower-case hex digits; older ones are 64,
 * and there are UUIDs in buckets in use.
 */
public record CacheId(String value) {

    /** What a text must be made of to be one, as messages say it. */
    public static final String FORM = "1 to 128 letters, digits, '-' and '_'";

    private static final int LENGTH_MAX = 128;
    private static final AsciiSet CHARACTERS = AsciiSet.ALPHANUMERIC.with("_-");

    /** Throws {@link IllegalArgumentException} for a text that is no id. */
    public CacheId {
        if (!CHARACTERS.spells(value, 1, LENGTH_MAX)) {
            throw new IllegalArgumentException("Not a cache id");
        }
    }

    /** The id that the text is, or nothing: such a text is an unknown id and is never sent to a store. */
    public static Optional<CacheId> parse(String text) {
        return CHARACTERS.spells(text, 1, LENGTH_MAX) ? Optional.of(new CacheId(text)) : Optional.empty();
    }

    /** Whether the text is empty or could be the beginning of an id. */
    public static boolean isPrefix(String text) {
        return CHARACTERS.spells(text, 0, LENGTH_MAX);
    }

    @Override
    public String toString() {
        return value;
    }
}
