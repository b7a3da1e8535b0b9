package us.kbase.caching.http.form;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part's Content-Disposition.
 *
 * @param name the field's name, empty when it has none
 * @param filename the filename as sent; nothing when the part has none
 */
record PartHeaders(String name, Optional<String> filename) {

    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([!#-'*+.0-9A-Z^-~-]+)=(?:\"((?:\\\\[\\\\\"]|[^\"])*)\"|([^;\\s]*))");

    static PartHeaders parse(String block) {
        String name = "";
        Optional<String> filename = Optional.empty();
        for (String line : block.split("\r\n", -1)) {
            if (!line.regionMatches(true, 0, "content-disposition:", 0, 20)) {
                continue;
            }
            Matcher matcher = PARAMETER.matcher(line);
            while (matcher.find()) {
                String value = matcher.group(2) != null ? unquote(matcher.group(2)) : matcher.group(3);
                switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                    case "name" -> name = value;
                    case "filename" -> filename = filename.or(() -> Optional.of(value));
                    case "filename*" -> filename = Optional.of(extended(value));
                    default -> {
                        // other parameters mean nothing to us
                    }
                }
            }
        }
        return new PartHeaders(name, filename);
    }

    private static String unquote(String value) {
        return value.replace("\\\"", "\"").replace("\\\\", "\\");
    }

    /** RFC 8187: {@code charset'language'percent-encoded}. */
    private static String extended(String value) {
        int text = value.indexOf('\'', value.indexOf('\'') + 1) + 1;
        try {
            return URLDecoder.decode(value.substring(text).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value.substring(text);
        }
    }
}
