package us.kbase.caching.http.form;

import java.util.Optional;
import us.kbase.caching.http.content.Disposition;
import us.kbase.caching.http.content.Parameters;

/**
 * A part's Content-Disposition.
 *
 * @param name the field's name, empty when it has none
 * @param filename the filename as sent; nothing when the part has none
 */
record PartHeaders(String name, Optional<String> filename) {

    private static final String DISPOSITION = "content-disposition:";

    static PartHeaders parse(String block) {
        for (int at = 0; at <= block.length(); ) {
            int lineEnd = block.indexOf("\r\n", at);
            String line = block.substring(at, lineEnd < 0 ? block.length() : lineEnd);
            at += line.length() + 2;
            if (line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length())) {
                return new PartHeaders(Parameters.of(line).getOrDefault("name", ""), Disposition.filename(line));
            }
        }
        return new PartHeaders("", Optional.empty());
    }
}
