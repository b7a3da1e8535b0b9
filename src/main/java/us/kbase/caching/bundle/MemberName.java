package us.kbase.caching.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A member's name: UTF-8 where a flag or Info-ZIP's field says so, else code page 437 (section 4.4.17 and appendix D). Most names are
 * ASCII, which is the same in both.
 */
final class MemberName {

    private static final int UTF8_FLAG = 1 << 11;
    private static final int UNICODE_PATH = 0x7075;
    private static final int UNICODE_PATH_HEAD = 5;

    /** The characters 128 to 255 of code page 437. */
    static final String CODE_PAGE_437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    private MemberName() {}

    /**
     * Decodes a name.
     *
     * @param raw its bytes as characters
     * @param extra where the extra fields stand, from {@code from} to {@code end}
     */
    static String decoded(String raw, int flags, byte[] extra, int from, int end) {
        if (isAscii(raw)) {
            return raw;
        }
        byte[] name = raw.getBytes(StandardCharsets.ISO_8859_1);
        if ((flags & UTF8_FLAG) != 0) {
            return utf8(ByteBuffer.wrap(name))
                    .orElseThrow(() -> Fields.damaged("the name of a member says it is UTF-8, and is not"));
        }
        return ExtraFields.find(extra, from, end, UNICODE_PATH)
                .flatMap(field -> unicodePath(name, extra, field))
                .orElseGet(() -> codePage437(raw));
    }

    /**
     * Whether a record's name may be this one: only a name beyond ASCII that does not say it is UTF-8 must be decoded to be compared, since
     * UTF-8 writes each text in one way.
     *
     * @param at where the record begins that {@link Member#end} found to be whole
     * @param asked in UTF-8
     */
    static boolean mayBe(byte[] bytes, int at, byte[] asked) {
        int nameStart = at + Member.RECORD_BYTES;
        int nameEnd = nameStart + Fields.u16(bytes, at + 28);
        if (Arrays.equals(bytes, nameStart, nameEnd, asked, 0, asked.length)) {
            return true;
        }
        if ((Fields.u16(bytes, at + 8) & UTF8_FLAG) != 0) {
            return false;
        }
        for (int i = nameStart; i < nameEnd; i++) {
            if (bytes[i] < 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Counts only while the name is still the one that it was made for (section 4.6.9). */
    private static Optional<String> unicodePath(byte[] name, byte[] extra, ExtraFields.Field field) {
        int start = field.start();
        if (field.end() - start < UNICODE_PATH_HEAD || extra[start] != 1) {
            return Optional.empty();
        }
        CRC32 crc = new CRC32();
        crc.update(name);
        return (int) crc.getValue() == Fields.i32(extra, start + 1)
                ? utf8(ByteBuffer.wrap(extra, start + UNICODE_PATH_HEAD, field.end() - start - UNICODE_PATH_HEAD))
                : Optional.empty();
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            // A decoder of its own reports what is no UTF-8; new String would replace it.
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static String codePage437(String raw) {
        StringBuilder name = new StringBuilder(raw.length());
        raw.chars().forEach(c -> name.append(c < 0x80 ? (char) c : CODE_PAGE_437.charAt(c - 0x80)));
        return name.toString();
    }
}
