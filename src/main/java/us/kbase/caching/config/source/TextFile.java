package us.kbase.caching.config.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads small text files as editors, shells and tools leave them: UTF-8 with or without a byte order mark, UTF-16 with one. A byte that
 * is no UTF-8 becomes {@link #UNREADABLE}, so that it harms nothing in a comment; {@link #checked} refuses it in a value.
 */
public final class TextFile {

    /** What stands for bytes that are no UTF-8. */
    public static final char UNREADABLE = '\ufffd';

    private static final long BYTES_MAX = 1 << 20;
    private static final int UTF_8_MARK_BYTES = 3;

    private record Mark(int first, int second, Charset charset) {}

    private static final List<Mark> MARKS =
            List.of(new Mark(0xfe, 0xff, StandardCharsets.UTF_16BE), new Mark(0xff, 0xfe, StandardCharsets.UTF_16LE));

    private TextFile() {}

    /**
     * Reads a file's text.
     *
     * @throws IOException with one sentence that names the file, says why it cannot be read and what to do
     */
    public static String read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder: name the file itself.");
        }
        try {
            if (Files.isRegularFile(file) && Files.size(file) > BYTES_MAX) {
                throw new IOException(file + " has more than 1 MiB, which no file of this kind has: name another.");
            }
            return decoded(file, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist: make it, or correct the path.", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read by this user: allow it (chmod, chown).", e);
        } catch (FileSystemException e) {
            throw new IOException(file + " cannot be read (" + e.getReason() + "): look at its disk.", e);
        }
    }

    private static String decoded(Path file, byte[] bytes) throws IOException {
        for (Mark mark : MARKS) {
            if (bytes.length >= 2 && (bytes[0] & 0xff) == mark.first() && (bytes[1] & 0xff) == mark.second()) {
                return text(bytes, 2, mark.charset());
            }
        }
        String text = text(bytes, 0, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            throw new IOException(file + " is no UTF-8 text (it holds NUL bytes): save it as UTF-8.");
        }
        boolean marked = text.startsWith("\ufeff");
        return marked ? text(bytes, UTF_8_MARK_BYTES, StandardCharsets.UTF_8) : text;
    }

    private static String text(byte[] bytes, int from, Charset charset) {
        return charset.decode(ByteBuffer.wrap(bytes, from, bytes.length - from)).toString();
    }

    /**
     * Reads the one value that a file holds, without the blanks and line ends around it.
     *
     * @throws IOException as {@link #read}; also when the file is empty, holds several lines, or bytes that are no UTF-8
     */
    public static String value(Path file) throws IOException {
        String value = read(file).strip();
        if (value.isEmpty()) {
            throw new IOException(file + " is empty: write the value into it.");
        }
        try {
            return checked(value);
        } catch (WrongValue e) {
            throw new IOException(file + " " + e.clause() + ".", e);
        }
    }

    /** Gives a value back unless it holds what no value of one line can; throws {@link WrongValue}. */
    public static String checked(String value) {
        if (value.indexOf(UNREADABLE) >= 0) {
            throw new WrongValue("holds bytes that are not UTF-8: save the file as UTF-8");
        }
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw new WrongValue("holds a line break or another control character: take it out");
        }
        return value;
    }
}
