package us.kbase.caching.http.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
     * without either.
     *
     * @param value text of UTF-8
     */
    public static Optional<String> filename(String value) {
        Map<String, String> parameters = Parameters.of(value);
        return Optional.ofNullable(parameters.get("filename*"))
                .map(Disposition::decoded)
                .or(() -> Optional.ofNullable(parameters.get("filename")));
    }

    /** The same of a request's own header, whose characters are bytes: as UTF-8 where they are that. */
    static Optional<String> filenameOfHeader(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return filename(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException latin1) {
            return filename(value);
        }
    }

    /** RFC 8187: {@code charset'language'percent-encoded}; what is not percent-encoded stays as it is. */
    private static String decoded(String value) {
        String text = value.substring(value.indexOf('\'', value.indexOf('\'') + 1) + 1);
        return PercentEncoding.decode(text).orElse(text);
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
