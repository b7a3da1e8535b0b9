package us.kbase.caching.http.form;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

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
                Map<String, String> parameters = Parameters.of(line);
                Optional<String> extended =
                        Optional.ofNullable(parameters.get("filename*")).map(PartHeaders::decoded);
                return new PartHeaders(
                        parameters.getOrDefault("name", ""),
                        extended.or(() -> Optional.ofNullable(parameters.get("filename"))));
            }
        }
        return new PartHeaders("", Optional.empty());
    }

    /** RFC 8187: {@code charset'language'percent-encoded}. */
    private static String decoded(String value) {
        int text = value.indexOf('\'', value.indexOf('\'') + 1) + 1;
        try {
            return URLDecoder.decode(value.substring(text).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value.substring(text);
        }
    }
}
