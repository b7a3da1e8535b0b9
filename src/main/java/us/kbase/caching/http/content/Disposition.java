package us.kbase.caching.http.content;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.text.AsciiSet;
import us.kbase.caching.text.PercentEncoding;

/** The header {@code Content-Disposition}: how a file is called, and whether it is shown or saved (RFC 6266). */
public final class Disposition {

    /** What every client reads alike within quotes (RFC 6266 appendix D). */
    private static final AsciiSet PLAIN = AsciiSet.range(' ', '!')
            .with(AsciiSet.range('#', '$'))
            .with(AsciiSet.range('&', '['))
            .with("]^_`{|}~")
            .with(AsciiSet.range('a', 'z'));

    private Disposition() {}

    /**
     * The filename in a header's value as a client sent it: {@code filename*} if it is there, else {@code filename}; nothing
     * without either. Of a path of Windows, which Internet Explorer sends, its last name.
     *
     * @param value the text of {@link HeaderText}
     */
    public static Optional<String> filename(String value) {
        return parameter(value, "filename").map(Disposition::withoutWindowsFolders);
    }

    /** The same of a request's own header, whose characters are bytes. */
    static Optional<String> filenameOfHeader(String value) {
        return filename(HeaderText.of(value.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A parameter's value, from its extended form (RFC 8187) if it has one; nothing without either. */
    public static Optional<String> parameter(String value, String name) {
        Map<String, String> parameters = Parameters.of(value);
        return Optional.ofNullable(parameters.get(name + "*"))
                .map(Disposition::decoded)
                .or(() -> Optional.ofNullable(parameters.get(name)));
    }

    /** {@code charset'language'percent-encoded}; what is not percent-encoded, or of another charset, stays as it is. */
    private static String decoded(String value) {
        int charsetEnd = value.indexOf('\'');
        String text = value.substring(value.indexOf('\'', charsetEnd + 1) + 1);
        boolean latin1 = charsetEnd > 0 && value.substring(0, charsetEnd).equalsIgnoreCase("ISO-8859-1");
        return PercentEncoding.decode(text, latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8)
                .orElse(text);
    }

    private static String withoutWindowsFolders(String name) {
        return name.startsWith(":\\", 1) || name.startsWith("\\\\") ? name.substring(name.lastIndexOf('\\') + 1) : name;
    }

    /**
     * The header's value for a file that is sent.
     *
     * @param type the file's media type
     * @param safeName its name in ASCII letters, digits, points, hyphens and underscores
     * @param sentName its name as its client sent it; empty if that is not known
     */
    public static String of(String type, String safeName, String sentName) {
        String name = withoutFolders(sentName);
        boolean plain = isPlain(name);
        StringBuilder value = new StringBuilder(ContentTypes.isShownInline(type) ? "inline" : "attachment");
        value.append("; filename=\"")
                .append(plain ? name : isPlain(safeName) ? safeName : "file")
                .append('"');
        if (!plain && !name.isBlank()) {
            value.append("; filename*=UTF-8''");
            name.codePoints().mapToObj(PercentEncoding::encode).forEach(value::append);
        }
        return value.toString();
    }

    /** Whoever else writes into the bucket names files as it likes. */
    private static boolean isPlain(String name) {
        return !name.isBlank() && PLAIN.end(name, 0) == name.length();
    }

    /** What a client may not be told to do: folders (RFC 6266 section 4.3), and characters that control. */
    private static String withoutFolders(String sent) {
        String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        StringBuilder shown = new StringBuilder(name.length());
        name.codePoints().filter(c -> !Character.isISOControl(c)).forEach(shown::appendCodePoint);
        String kept = shown.toString();
        return kept.equals(".") || kept.equals("..") ? "" : kept;
    }
}
