package us.kbase.caching.stress.siege.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static final Script SCRIPT =
            Script.of("head ").then("ab", 3).then("", 5).then(" tail", 1);
    private static final String TEXT = "head ababab tail";

    @Test
    void isAsLongAsItsPieces() {
        assertEquals(TEXT.length(), SCRIPT.lengthBytes());
    }

    @Test
    void givesTheSameBytesFromEveryPositionInBuffersOfEverySize() {
        for (int from = 0; from <= TEXT.length(); from++) {
            for (int size = 1; size <= TEXT.length(); size++) {
                ByteBuffer bytes = ByteBuffer.allocate(size);
                SCRIPT.copy(from, bytes);
                bytes.flip();
                assertEquals(
                        TEXT.substring(from, Math.min(TEXT.length(), from + size)),
                        StandardCharsets.ISO_8859_1.decode(bytes).toString());
            }
        }
    }
}
