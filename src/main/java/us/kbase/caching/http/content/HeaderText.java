package us.kbase.caching.http.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text that a header's bytes stand for. Any thread. */
public final class HeaderText {

    private HeaderText() {}

    /** UTF-8 (RFC 7578 section 5.1) where the bytes are that, else ISO-8859-1, which clients of old send. */
    public static String of(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
