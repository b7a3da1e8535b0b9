package us.kbase.caching.http.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.text.AsciiSet;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: a list of entity tags, or {@code *} for whatever is there. An element
 * that is no entity tag matches nothing. Read by hand, in one pass.
 */
record EntityTags(boolean any, List<EntityTag> tags) {

    private static final String WEAK = "W/";
    private static final AsciiSet TAG_CHARACTERS = AsciiSet.of("!").with(AsciiSet.range('#', '~'));

    /** Bytes beyond ASCII, which may stand in a tag; the header's characters are its bytes. */
    private static final char OBS_TEXT_FIRST = '\u0080';

    /** Reads a header's value, its lines joined by commas. */
    static EntityTags parse(String value) {
        if (value.strip().equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<EntityTag> tags = new ArrayList<>();
        int at = 0;
        while (at < value.length()) {
            int start = blanksEnd(value, at);
            int end = tagEnd(value, start);
            int next = blanksEnd(value, Math.max(start, end));
            if (end > start && (next == value.length() || value.charAt(next) == ',')) {
                tags.add(tag(value.substring(start, end)));
            } else {
                next = value.indexOf(',', next);
            }
            at = next < 0 ? value.length() : next + 1;
        }
        return new EntityTags(false, List.copyOf(tags));
    }

    /** The only tag that the text is. */
    static Optional<EntityTag> single(String value) {
        String text = value.strip();
        return !text.isEmpty() && tagEnd(text, 0) == text.length() ? Optional.of(tag(text)) : Optional.empty();
    }

    private static EntityTag tag(String text) {
        boolean weak = text.startsWith(WEAK);
        return new EntityTag(weak, weak ? text.substring(WEAK.length()) : text);
    }

    private static int blanksEnd(String value, int from) {
        int at = from;
        while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    /** Where the tag that begins here ends; -1 if none begins. */
    private static int tagEnd(String value, int start) {
        int quote = value.startsWith(WEAK, start) ? start + WEAK.length() : start;
        if (!value.startsWith("\"", quote)) {
            return -1;
        }
        int at = quote + 1;
        while (at < value.length() && isOfTag(value.charAt(at))) {
            at++;
        }
        return value.startsWith("\"", at) ? at + 1 : -1;
    }

    private static boolean isOfTag(char c) {
        return TAG_CHARACTERS.contains(c) || c >= OBS_TEXT_FIRST;
    }
}
