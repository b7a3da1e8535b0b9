package us.kbase.caching.http.form;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.http.content.Disposition;
import us.kbase.caching.http.content.Parameters;

/**
 * What stands before a part's bytes.
 *
 * @param name the field's name, empty when it has none
 * @param filename the filename as sent; nothing when the part has none
 * @param fields its headers, names in lower case, lines of one name joined by commas
 */
record PartHeaders(String name, Optional<String> filename, Map<String, String> fields) {

    private static final String DISPOSITION = "content-disposition:";

    static PartHeaders parse(String block) {
        String disposition = "";
        Map<String, String> fields = new HashMap<>();
        for (int at = 0; at <= block.length(); ) {
            int lineEnd = block.indexOf("\r\n", at);
            String line = block.substring(at, lineEnd < 0 ? block.length() : lineEnd);
            at += line.length() + 2;
            int colon = line.indexOf(':');
            if (line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length())) {
                disposition = disposition.isEmpty() ? line : disposition; // the first one counts
            } else if (colon > 0) {
                fields.merge(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (before, further) -> before + ", " + further);
            }
        }
        return new PartHeaders(
                Parameters.of(disposition).getOrDefault("name", ""), Disposition.filename(disposition), fields);
    }

    /** The value of a header. */
    Optional<String> field(String header) {
        return Optional.ofNullable(fields.get(header.toLowerCase(Locale.ROOT)));
    }
}
