package us.kbase.caching.bundle;

import java.nio.charset.StandardCharsets;

/** The header before a member's bytes (section 4.3.7), which has to agree with the directory. */
public final class LocalHeader {

    /** Its length without name and extra fields. */
    public static final int BYTES = 30;

    /** The longest name and extra fields together of a file that is read alone or unpacked: both are held until they were compared. */
    static final int NAMING_BYTES_MAX = 8 << 10;

    private static final int SIGNATURE = 0x04034b50;
    private static final long LARGE = 0xffff_ffffL;

    private LocalHeader() {}

    /**
     * Its length with name and extra fields, of which the first {@link #BYTES} bytes tell.
     *
     * @throws us.kbase.caching.failure.Failure.NotABundle when these are longer than anybody wants to hold
     */
    public static int wholeBytes(byte[] head) {
        int naming = Fields.u16(head, 26) + Fields.u16(head, 28);
        if (naming > NAMING_BYTES_MAX) {
            throw Fields.damaged("the header of a file has a name and extra fields of more than 8 KiB");
        }
        return BYTES + naming;
    }

    /**
     * Compares a header with its member.
     *
     * @param head at least the header and the name
     * @throws us.kbase.caching.failure.Failure.NotABundle when they disagree
     */
    public static void check(byte[] head, Member member) {
        int nameBytes = Fields.u16(head, 26);
        boolean same = Fields.i32(head, 0) == SIGNATURE
                && Fields.u16(head, 6) == member.flags()
                && Fields.u16(head, 8) == member.method()
                && nameBytes == member.rawName().length()
                && head.length >= BYTES + nameBytes
                && new String(head, BYTES, nameBytes, StandardCharsets.ISO_8859_1).equals(member.rawName());
        if (!same || (!member.hasDescriptor() && !saysTheSame(head, member))) {
            throw Fields.damaged("the file " + member.shownPath() + " and the directory disagree");
        }
    }

    private static boolean saysTheSame(byte[] head, Member member) {
        return Fields.i32(head, 14) == member.crc32()
                && isLength(Fields.u32(head, 18), member.keptBytes())
                && isLength(Fields.u32(head, 22), member.bytes());
    }

    private static boolean isLength(long said, long bytes) {
        return said == bytes || said == LARGE;
    }
}
