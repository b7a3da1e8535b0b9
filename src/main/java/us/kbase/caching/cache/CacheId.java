package us.kbase.caching.cache;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an entry: 1 to 128 of {@code [0-9A-Za-z_-]}. Ids made today are 128 lower-case hex digits; older ones are 64,
 * and there are UUIDs in buckets in use.
 */
public record CacheId(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z_-]{1,128}");

    /** Throws {@link IllegalArgumentException} for a text that is no id. */
    public CacheId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("Not a cache id");
        }
    }

    /** The id that the text is, or nothing: such a text is an unknown id and is never sent to a store. */
    public static Optional<CacheId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new CacheId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
