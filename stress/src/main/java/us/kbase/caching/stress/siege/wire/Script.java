package us.kbase.caching.stress.siege.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that a client sends: pieces, each repeated. A gigabyte costs as much memory as one repetition of it.
 *
 * @param lengthBytes the length of all pieces
 */
public record Script(List<Piece> pieces, long lengthBytes) {

    /** Some bytes, so many times. */
    private record Piece(byte[] unit, long times) {
        long lengthBytes() {
            return unit.length * times;
        }
    }

    /** This text in ISO-8859-1, once. */
    public static Script of(String text) {
        return new Script(List.of(), 0).then(text, 1);
    }

    /** Appends this text in ISO-8859-1, so many times. */
    public Script then(String text, long times) {
        return then(text.getBytes(StandardCharsets.ISO_8859_1), times);
    }

    /** Appends these bytes, so many times. */
    public Script then(byte[] unit, long times) {
        List<Piece> longer = new ArrayList<>(pieces);
        if (unit.length > 0 && times > 0) {
            longer.add(new Piece(unit, times));
        }
        return new Script(List.copyOf(longer), lengthBytes + unit.length * times);
    }

    /** Copies bytes from a position on, as many as there are and fit. */
    public void copy(long position, ByteBuffer into) {
        long begin = 0;
        long at = position;
        for (Piece piece : pieces) {
            long end = begin + piece.lengthBytes();
            while (at < end && into.hasRemaining()) {
                int offset = (int) ((at - begin) % piece.unit.length);
                int length = Math.min(into.remaining(), piece.unit.length - offset);
                into.put(piece.unit, offset, length);
                at += length;
            }
            begin = end;
        }
    }
}
