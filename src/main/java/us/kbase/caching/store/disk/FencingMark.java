package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.text.Decimal;

/**
 * Fencing numbers that grow whatever the clock does and whatever was deleted: the file says a number that none given so far exceeds,
 * well ahead, so that it is written once in many leases. Numbers follow the time in microseconds, so what a restart leaves out of a
 * range is caught up with. Any thread.
 */
final class FencingMark {

    private static final Logger log = LoggerFactory.getLogger(FencingMark.class);
    private static final String PREFIX = "below ";
    private static final int DIGITS_MAX = 18;

    /** A minute of numbers. */
    static final long RANGE = 60_000_000;

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean read;
    private long last;
    private long reserved;

    FencingMark(Path file) {
        this.file = file;
    }

    /** The number to give, if it can be told at once: at least that, and higher than every one given before. Never blocks. */
    OptionalLong nextReserved(long atLeast) {
        if (!lock.tryLock()) {
            return OptionalLong.empty();
        }
        try {
            long next = Math.max(atLeast, last + 1);
            if (!read || next > reserved) {
                return OptionalLong.empty();
            }
            last = next;
            return OptionalLong.of(next);
        } finally {
            lock.unlock();
        }
    }

    /** The same, with a write where the range is used up. */
    long next(long atLeast) throws IOException {
        lock.lock();
        try {
            return written(atLeast);
        } finally {
            lock.unlock();
        }
    }

    private long written(long atLeast) throws IOException {
        if (!read) {
            last = earlier();
            reserved = last;
            read = true;
        }
        long next = Math.max(atLeast, last + 1);
        if (next > reserved) {
            SmallFile.replace(file, PREFIX + (next + RANGE) + "\n");
            reserved = next + RANGE;
        }
        last = next;
        return next;
    }

    private long earlier() throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            boolean whole = text.startsWith(PREFIX) && text.endsWith("\n");
            OptionalLong number =
                    whole ? Decimal.parse(text.substring(PREFIX.length()).strip(), DIGITS_MAX) : OptionalLong.empty();
            if (number.isEmpty()) {
                log.error("{} cannot be read: fencing numbers go on from the time alone", file);
            }
            return number.orElse(0);
        } catch (NoSuchFileException first) {
            return 0;
        }
    }
}
