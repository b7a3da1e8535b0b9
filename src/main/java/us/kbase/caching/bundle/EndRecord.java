package us.kbase.caching.bundle;

import us.kbase.caching.failure.Failure;

/**
 * What the end of a ZIP file says about its central directory (sections 4.3.14 to 4.3.16). The directory ends where the end record
 * begins; an archive for which that is not so, or that two readers could read differently, is refused.
 *
 * @param directoryStart where the directory begins in the file
 * @param directoryBytes how long it is, at most {@link #DIRECTORY_BYTES_MAX}
 * @param members how many it describes, at most {@link #MEMBERS_MAX}
 * @param comment the archive's comment, its bytes as characters
 */
public record EndRecord(long directoryStart, int directoryBytes, int members, String comment) {

    /** How much of a file's end has to be read: both end records and the longest comment, and a directory of some thousand members. */
    public static final int TAIL_BYTES = 512 << 10;

    /** The longest directory that is read: it is held in memory as a whole. */
    public static final int DIRECTORY_BYTES_MAX = 8 << 20;

    /** The most members that a bundle has. */
    public static final int MEMBERS_MAX = 50_000;

    private static final int SIGNATURE = 0x06054b50;
    private static final int BYTES = 22;
    private static final int COMMENT_BYTES_MAX = 0xffff;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int ZIP64_SIGNATURE = 0x06064b50;
    private static final int ZIP64_BYTES = 56;
    private static final int MANY = 0xffff;
    private static final long LARGE = 0xffff_ffffL;

    /** Where the directory ends, and what is said of it. */
    private record Said(long start, long bytes, long members, long end) {}

    /**
     * Reads a file's last bytes.
     *
     * @param tail the last {@link #TAIL_BYTES} of the file, or all of it
     * @param totalBytes the file's length
     * @throws Failure.NotABundle for anything but the end of a ZIP file within these bounds
     */
    public static EndRecord of(byte[] tail, long totalBytes) {
        int at = find(tail);
        long base = totalBytes - tail.length;
        int disk = Fields.u16(tail, at + 4);
        int directoryDisk = Fields.u16(tail, at + 6);
        if ((disk != 0 && disk != MANY) || (directoryDisk != 0 && directoryDisk != MANY)) {
            throw Fields.damaged("it is one part of several");
        }
        Said small =
                new Said(Fields.u32(tail, at + 16), Fields.u32(tail, at + 12), Fields.u16(tail, at + 10), base + at);
        if (Fields.u16(tail, at + 8) != small.members()) {
            throw Fields.damaged("it is one part of several");
        }
        int locator = at - LOCATOR_BYTES;
        boolean large = locator >= 0 && Fields.i32(tail, locator) == LOCATOR_SIGNATURE;
        Said said = large ? large(tail, locator, base, small) : small;
        String comment =
                new String(tail, at + BYTES, tail.length - at - BYTES, java.nio.charset.StandardCharsets.ISO_8859_1);
        return checked(said, comment);
    }

    /** The only place where an end record can stand: its comment reaches to the file's end. */
    private static int find(byte[] tail) {
        int last = tail.length - BYTES;
        int found = -1;
        for (int at = last; at >= Math.max(0, last - COMMENT_BYTES_MAX); at--) {
            if (Fields.i32(tail, at) == SIGNATURE && at + BYTES + Fields.u16(tail, at + 20) == tail.length) {
                if (found >= 0) {
                    throw Fields.damaged("its comment looks like the end of another one");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new Failure.NotABundle("The result is no ZIP file, so there are no files in it");
        }
        return found;
    }

    private static Said large(byte[] tail, int locator, long base, Said small) {
        long record = Fields.u63(tail, locator + 8);
        long at = record - base;
        if (Fields.u32(tail, locator + 4) != 0
                || Fields.u32(tail, locator + 16) > 1
                || at < 0
                || at > locator - ZIP64_BYTES
                || Fields.i32(tail, (int) at) != ZIP64_SIGNATURE
                || Fields.u63(tail, (int) at + 4) != locator - at - 12) {
            throw Fields.damaged("its ZIP64 end record is not where it should be");
        }
        int from = (int) at;
        long members = Fields.u63(tail, from + 32);
        Said said = new Said(Fields.u63(tail, from + 48), Fields.u63(tail, from + 40), members, record);
        boolean agree = Fields.u32(tail, from + 16) == 0
                && Fields.u32(tail, from + 20) == 0
                && Fields.u63(tail, from + 24) == members
                && (small.members() == MANY || small.members() == members)
                && (small.bytes() == LARGE || small.bytes() == said.bytes())
                && (small.start() == LARGE || small.start() == said.start());
        if (!agree) {
            throw Fields.damaged("its two end records disagree");
        }
        return said;
    }

    private static EndRecord checked(Said said, String comment) {
        if (said.members() > MEMBERS_MAX || said.bytes() > DIRECTORY_BYTES_MAX) {
            throw new Failure.NotABundle("The result has more files than can be listed here: at most " + MEMBERS_MAX
                    + ", in a directory of at most " + (DIRECTORY_BYTES_MAX >> 20) + " MiB");
        }
        if (said.start() > said.end() || said.start() + said.bytes() != said.end()) {
            throw Fields.damaged("its directory is not where its end says");
        }
        if (said.members() * Member.RECORD_BYTES > said.bytes()) {
            throw Fields.damaged("its directory is too short for its members");
        }
        return new EndRecord(said.start(), (int) said.bytes(), (int) said.members(), comment);
    }
}
