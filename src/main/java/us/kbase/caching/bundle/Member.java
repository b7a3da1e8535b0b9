package us.kbase.caching.bundle;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.AsciiSet;

/**
 * One file, folder or link of a bundle, as the central directory describes it (section 4.3.12). Its path is whatever the archive says:
 * who makes a file of it must look at it first.
 *
 * @param path the name, decoded; a folder's ends with a slash
 * @param rawName the name's bytes as characters
 * @param method how the bytes are kept: 0 is stored, 8 is deflated
 * @param flags general purpose bit flags (section 4.4.4)
 * @param crc32 of the file's bytes
 * @param bytes the file's length
 * @param keptBytes the length of what is kept
 * @param offset where the local header begins in the archive
 * @param extraBytes how long the extra fields are, without that of ZIP64
 * @param unixMode type and permissions as {@code st_mode} has them, where the archive comes from a Unix
 * @param modified when the file was changed; a time without a zone counts as UTC
 */
public record Member(
        String path,
        String rawName,
        int method,
        int flags,
        int crc32,
        long bytes,
        long keptBytes,
        long offset,
        int extraBytes,
        OptionalInt unixMode,
        Optional<Instant> modified) {

    /** The method of bytes that are kept as they are. */
    public static final int STORED = 0;

    /** The method of RFC 1951. */
    public static final int DEFLATED = 8;

    /** What something is. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A folder. */
        FOLDER,
        /** A symbolic link; its bytes are where it leads. */
        LINK,
        /** A device, a named pipe or a socket. */
        OTHER
    }

    static final int RECORD_BYTES = 46;
    private static final int SIGNATURE = 0x02014b50;
    private static final int UNIX = 3;
    private static final int DARWIN = 19;
    private static final int TIMES = 0x5455;
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int DESCRIPTOR = 1 << 3;
    private static final int TYPE = 0170000;
    private static final int FOLDER_TYPE = 0040000;
    private static final int FILE_TYPE = 0100000;
    private static final int LINK_TYPE = 0120000;
    private static final int NAME_SHOWN_MAX = 100;

    /** No more comes out of a byte of RFC 1951: a match of 258 bytes takes two bits. */
    private static final long RATIO_MAX = 1032;

    private static final long DEFLATED_FRAME = 1024;

    /** Where the record of the directory ends that begins here. */
    static int end(byte[] bytes, int at, int limit) {
        if (at + RECORD_BYTES > limit || Fields.i32(bytes, at) != SIGNATURE) {
            throw Fields.damaged("its directory has no member where one should be");
        }
        int end = at
                + RECORD_BYTES
                + Fields.u16(bytes, at + 28)
                + Fields.u16(bytes, at + 30)
                + Fields.u16(bytes, at + 32);
        if (end > limit) {
            throw Fields.damaged("its directory is cut");
        }
        return end;
    }

    /**
     * Reads a record that {@link #end} found to be whole.
     *
     * @param directoryStart where all members have to end
     */
    static Member of(byte[] bytes, int at, long directoryStart) {
        int nameStart = at + RECORD_BYTES;
        int extraStart = nameStart + Fields.u16(bytes, at + 28);
        int extraEnd = extraStart + Fields.u16(bytes, at + 30);
        int flags = Fields.u16(bytes, at + 8);
        Optional<ExtraFields.Field> zip64 = ExtraFields.find(bytes, extraStart, extraEnd, Lengths.ZIP64);
        Lengths lengths = Lengths.of(bytes, at, zip64);
        String raw = new String(bytes, nameStart, extraStart - nameStart, StandardCharsets.ISO_8859_1);
        Member member = new Member(
                MemberName.decoded(raw, flags, bytes, extraStart, extraEnd),
                raw,
                Fields.u16(bytes, at + 10),
                flags,
                Fields.i32(bytes, at + 16),
                lengths.bytes(),
                lengths.keptBytes(),
                lengths.offset(),
                extraEnd
                        - extraStart
                        - zip64.map(field -> field.end() - field.start() + 4).orElse(0),
                unixMode(bytes, at),
                modified(bytes, at, extraStart, extraEnd));
        return member.checked(directoryStart);
    }

    /** Where its own bytes lie. */
    Extent extent() {
        return Extent.of(offset, rawName.length(), keptBytes);
    }

    private static OptionalInt unixMode(byte[] bytes, int at) {
        int system = Fields.u16(bytes, at + 4) >>> 8;
        int mode = Fields.u16(bytes, at + 40);
        return mode != 0 && (system == UNIX || system == DARWIN) ? OptionalInt.of(mode) : OptionalInt.empty();
    }

    /** The time of the extended timestamp, else that of MS-DOS in steps of two seconds (section 4.4.6). */
    private static Optional<Instant> modified(byte[] bytes, int at, int extraStart, int extraEnd) {
        Optional<ExtraFields.Field> times = ExtraFields.find(bytes, extraStart, extraEnd, TIMES)
                .filter(field -> field.end() - field.start() >= 5 && (bytes[field.start()] & 1) != 0);
        if (times.isPresent()) {
            return Optional.of(
                    Instant.ofEpochSecond(Fields.i32(bytes, times.get().start() + 1)));
        }
        int time = Fields.u16(bytes, at + 12);
        int date = Fields.u16(bytes, at + 14);
        try {
            return Optional.of(LocalDateTime.of(
                            1980 + (date >>> 9),
                            date >>> 5 & 0xf,
                            date & 0x1f,
                            time >>> 11,
                            time >>> 5 & 0x3f,
                            (time & 0x1f) * 2)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }

    private Member checked(long directoryStart) {
        long head = LocalHeader.BYTES + (long) rawName.length();
        if (offset > directoryStart - head || keptBytes > directoryStart - head - offset) {
            throw Fields.damaged("a member lies outside of it");
        }
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw Fields.damaged("a member has no name that can be used");
        }
        return this;
    }

    /** What it is: by its mode where it has one, else by the slash at its end. */
    public Kind kind() {
        int type = unixMode.orElse(0) & TYPE;
        if (path.endsWith("/")) {
            return type == 0 || type == FOLDER_TYPE ? Kind.FOLDER : Kind.OTHER;
        }
        return switch (type) {
            case 0, FILE_TYPE -> Kind.FILE;
            case LINK_TYPE -> Kind.LINK;
            default -> Kind.OTHER;
        };
    }

    /** Where its bytes end at the latest, behind the longest header that there can be. */
    public long endAtMost(long endMax) {
        return Math.min(endMax, offset + LocalHeader.BYTES + LocalHeader.NAMING_BYTES_MAX + keptBytes);
    }

    /** Whether a part of it can be read without what stands before it. */
    public boolean isStored() {
        return method == STORED;
    }

    /** Whether its lengths and checksum also stand behind its bytes, and not in its own header. */
    boolean hasDescriptor() {
        return (flags & DESCRIPTOR) != 0;
    }

    /**
     * Returns it if its bytes can be given as they were.
     *
     * @throws Failure.NotABundle for what is encrypted, kept in an unknown way, or cannot have the length that it says, and for a name with
     *     extra fields of more than 8 KiB
     */
    public Member readable() {
        if (rawName.length() + extraBytes > LocalHeader.NAMING_BYTES_MAX) {
            throw unreadable("has a name and extra fields of more than 8 KiB");
        }
        if ((flags & ENCRYPTED) != 0) {
            throw unreadable("is encrypted");
        }
        if (method != STORED && method != DEFLATED) {
            throw unreadable("is compressed in another way than Deflate");
        }
        if (method == STORED && bytes != keptBytes) {
            throw unreadable("has two lengths");
        }
        if (method == DEFLATED && bytes / RATIO_MAX > keptBytes + DEFLATED_FRAME) {
            throw unreadable("says that it is longer than it can be");
        }
        return this;
    }

    private Failure.NotABundle unreadable(String why) {
        return new Failure.NotABundle("The file " + shownPath() + " " + why + "; download the whole ZIP file instead");
    }

    /** The path as a sentence may show it. */
    public String shownPath() {
        return AsciiSet.PRINTABLE.shown(path, NAME_SHOWN_MAX);
    }
}
