package us.kbase.caching.cache.id;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Bytes to text as Python's {@code json.detect_encoding} and its {@code surrogatepass} decoding do. */
final class JsonEncoding {

    private JsonEncoding() {}

    static String decode(byte[] body) throws JsonParseException {
        if (startsWith(body, 0, 0, 0xfe, 0xff)) {
            return utf32(body, 4, true);
        }
        if (startsWith(body, 0xff, 0xfe, 0, 0)) {
            return utf32(body, 4, false);
        }
        if (startsWith(body, 0xfe, 0xff)) {
            return utf16(body, 2, StandardCharsets.UTF_16BE);
        }
        if (startsWith(body, 0xff, 0xfe)) {
            return utf16(body, 2, StandardCharsets.UTF_16LE);
        }
        if (startsWith(body, 0xef, 0xbb, 0xbf)) {
            return utf8(body, 3);
        }
        return byZeros(body);
    }

    /** RFC 4627 section 3: a JSON text begins with two ASCII characters, so the zeros tell the encoding. */
    private static String byZeros(byte[] b) throws JsonParseException {
        if (b.length >= 4) {
            if (b[0] == 0) {
                return b[1] == 0 ? utf32(b, 0, true) : utf16(b, 0, StandardCharsets.UTF_16BE);
            }
            if (b[1] == 0) {
                return b[2] == 0 && b[3] == 0 ? utf32(b, 0, false) : utf16(b, 0, StandardCharsets.UTF_16LE);
            }
        } else if (b.length == 2) {
            if (b[0] == 0) {
                return utf16(b, 0, StandardCharsets.UTF_16BE);
            }
            if (b[1] == 0) {
                return utf16(b, 0, StandardCharsets.UTF_16LE);
            }
        }
        return utf8(b, 0);
    }

    private static boolean startsWith(byte[] body, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (body.length <= i || (body[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static String utf16(byte[] body, int from, Charset charset) throws JsonParseException {
        if ((body.length - from) % 2 != 0) {
            throw JsonParseException.of("the body is not valid " + charset.name());
        }
        boolean bigEndian = charset == StandardCharsets.UTF_16BE;
        StringBuilder text = new StringBuilder((body.length - from) / 2);
        for (int i = from; i < body.length; i += 2) {
            int first = body[i] & 0xff;
            int second = body[i + 1] & 0xff;
            text.append((char) (bigEndian ? first << 8 | second : second << 8 | first));
        }
        return text.toString();
    }

    private static String utf32(byte[] body, int from, boolean bigEndian) throws JsonParseException {
        StringBuilder text = new StringBuilder((body.length - from) / 4);
        for (int i = from; i < body.length; i += 4) {
            if (i + 4 > body.length) {
                throw JsonParseException.of("the body is not valid UTF-32");
            }
            int word = 0;
            for (int k = 0; k < 4; k++) {
                word = word << 8 | (body[bigEndian ? i + k : i + 3 - k] & 0xff);
            }
            if (!Character.isValidCodePoint(word)) {
                throw JsonParseException.of("the body is not valid UTF-32");
            }
            text.appendCodePoint(word);
        }
        return text.toString();
    }

    /** UTF-8 that lets lone surrogates through, as {@code surrogatepass} does; Java's own decoder would replace them. */
    private static String utf8(byte[] b, int from) throws JsonParseException {
        StringBuilder text = new StringBuilder(b.length - from);
        int i = from;
        while (i < b.length) {
            int lead = b[i] & 0xff;
            int length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
            if (lead >= 0x80 && lead < 0xc2 || lead > 0xf4 || i + length > b.length) {
                throw notUtf8(i);
            }
            int codePoint = length == 1 ? lead : lead & (0x7f >> length);
            for (int k = 1; k < length; k++) {
                if ((b[i + k] & 0xc0) != 0x80) {
                    throw notUtf8(i);
                }
                codePoint = codePoint << 6 | (b[i + k] & 0x3f);
            }
            boolean overlong = length == 3 && codePoint < 0x800 || length == 4 && codePoint < 0x10000;
            if (overlong || codePoint > Character.MAX_CODE_POINT) {
                throw notUtf8(i);
            }
            text.appendCodePoint(codePoint);
            i += length;
        }
        return text.toString();
    }

    private static JsonParseException notUtf8(int index) {
        return JsonParseException.of("the body is not valid UTF-8 (byte " + index + ")");
    }
}
