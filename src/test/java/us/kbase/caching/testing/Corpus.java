package us.kbase.caching.testing;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Real inputs, and what becomes of them when they are changed here and there. Characters are bytes (ISO 8859-1). */
public final class Corpus {

    private static final int LENGTH_MAX = 64 << 10;
    private static final int CHANGES_MAX = 6;
    private static final int KINDS_OF_CHANGE = 9;

    /** Where readers of numbers go wrong. */
    private static final List<byte[]> NUMBERS = bytes(List.of(
            "0",
            "-1",
            "00",
            "+5",
            "1e3",
            "0x10",
            "255",
            "256",
            "65536",
            "2147483647",
            "2147483648",
            "4294967296",
            "999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999",
            "1.5",
            ""));

    private final List<byte[]> inputs;
    private final List<byte[]> words;

    private Corpus(List<byte[]> inputs, List<byte[]> words) {
        this.inputs = inputs;
        this.words = words;
    }

    /**
     * A corpus of one language.
     *
     * @param words what means something in it
     */
    public static Corpus of(List<String> inputs, List<String> words) {
        return new Corpus(bytes(inputs), bytes(words));
    }

    private static List<byte[]> bytes(List<String> texts) {
        return texts.stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static byte[] any(List<byte[]> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    /** One of the inputs as it is, or changed up to five times; at most 64 KiB. */
    public byte[] mutant(Random random) {
        byte[] made = any(inputs, random);
        for (int changes = random.nextInt(CHANGES_MAX); changes > 0; changes--) {
            made = changed(made, random);
        }
        return made;
    }

    /** The same as text. */
    public String text(Random random) {
        return new String(mutant(random), StandardCharsets.ISO_8859_1);
    }

    private byte[] changed(byte[] from, Random random) {
        int at = random.nextInt(from.length + 1);
        int left = from.length - at;
        int to = at + random.nextInt((random.nextBoolean() ? left : Math.min(left, 8)) + 1);
        int next = Math.min(from.length, at + 1);
        return switch (random.nextInt(KINDS_OF_CHANGE)) {
            case 0 -> replaced(from, at, next, new byte[] {(byte) random.nextInt(256)});
            case 1 ->
                at == next ? from : replaced(from, at, next, new byte[] {(byte) (from[at] ^ 1 << random.nextInt(8))});
            case 2 -> replaced(from, at, to, new byte[0]);
            case 3 -> replaced(from, at, at, any(words, random));
            case 4 -> replaced(from, at, to, any(words, random));
            case 5 -> replaced(from, at, at, repeated(Arrays.copyOfRange(from, at, to), random));
            case 6 -> replaced(from, at, from.length, new byte[0]);
            case 7 -> {
                byte[] other = any(inputs, random);
                byte[] end = Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
                yield replaced(from, at, from.length, end);
            }
            default -> withNumber(from, at, any(NUMBERS, random));
        };
    }

    private static byte[] repeated(byte[] piece, Random random) {
        int times = random.nextInt(20) == 0 ? 5_000 : 1 + random.nextInt(4);
        int length = (int) Math.min((long) times * piece.length, LENGTH_MAX);
        byte[] made = new byte[length];
        for (int i = 0; i < length; i++) {
            made[i] = piece[i % piece.length];
        }
        return made;
    }

    private static byte[] withNumber(byte[] from, int at, byte[] number) {
        int begin = at;
        while (begin < from.length && !isDigit(from[begin])) {
            begin++;
        }
        int end = begin;
        while (end < from.length && isDigit(from[end])) {
            end++;
        }
        return replaced(from, begin, end, number);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] replaced(byte[] from, int at, int to, byte[] by) {
        byte[] made = new byte[Math.min(LENGTH_MAX, from.length - (to - at) + by.length)];
        int put = 0;
        for (byte[] piece : List.of(Arrays.copyOf(from, at), by, Arrays.copyOfRange(from, to, from.length))) {
            int length = Math.min(piece.length, made.length - put);
            System.arraycopy(piece, 0, made, put, length);
            put += length;
        }
        return made;
    }

    /** The bytes in pieces: whole, byte by byte, short ones, or any. None is empty. */
    public static List<Buffer> cut(byte[] bytes, Random random) {
        int most = switch (random.nextInt(4)) {
            case 0 -> Math.max(1, bytes.length);
            case 1 -> 1;
            case 2 -> 16;
            default -> 1 + random.nextInt(Math.max(1, bytes.length));
        };
        boolean even = random.nextBoolean();
        List<Buffer> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, even ? most : 1 + random.nextInt(most));
            pieces.add(Buffer.buffer(Arrays.copyOfRange(bytes, from, from + length)));
            from += length;
        }
        return pieces;
    }
}
