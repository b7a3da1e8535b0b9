package us.kbase.caching.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Percent-encoded text, mostly UTF-8 (RFC 3986 section 2.1); a plus sign is a plus sign. Any thread. */
public final class PercentEncoding {

    private static final AsciiSet UNRESERVED = AsciiSet.ALPHANUMERIC.with("-._~");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /** The code point as it stands in a URI: itself if it is unreserved (section 2.3), else its bytes as {@code %XX}. */
    public static String encode(int codePoint) {
        String text = Character.toString(codePoint);
        if (UNRESERVED.contains(codePoint)) {
            return text;
        }
        StringBuilder bytes = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.append('%').append(HEX.toHexDigits(one));
        }
        return bytes.toString();
    }

    /** The text that the characters stand for; nothing if an escape is broken, a character not visible ASCII, or the bytes no UTF-8. */
    public static Optional<String> decode(CharSequence encoded) {
        return decode(encoded, StandardCharsets.UTF_8);
    }

    /** The same for bytes of another charset (RFC 8187 section 3.2). */
    public static Optional<String> decode(CharSequence encoded, Charset charset) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        int at = 0;
        while (at < encoded.length()) {
            boolean escape = isEscape(encoded, at);
            char c = encoded.charAt(at);
            if (!AsciiSet.VISIBLE.contains(c) || c == '%' && !escape) {
                return Optional.empty();
            }
            bytes[length++] = (byte) (escape ? escaped(encoded, at) : c);
            at += escape ? 3 : 1;
        }
        try {
            // A decoder of its own reports what is no such text; new String would replace it.
            return Optional.of(charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException notOfIt) {
            return Optional.empty();
        }
    }

    /** Whether a percent sign and two hexadecimal digits stand at this index. */
    public static boolean isEscape(CharSequence text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    /** The byte, 0 to 255, of the escape at this index. */
    public static int escaped(CharSequence text, int at) {
        return HexFormat.fromHexDigits(text, at + 1, at + 3);
    }
}
