package us.kbase.caching.bundle;

import java.util.Optional;

/** A member's three lengths, in four bytes each or in the field of ZIP64 (section 4.5.3), which holds only those that need it. */
record Lengths(long bytes, long keptBytes, long offset) {

    /** The field's identifier. */
    static final int ZIP64 = 0x0001;

    private static final long LARGE = 0xffff_ffffL;

    /** Reads a record of the directory. */
    static Lengths of(byte[] bytes, int at, Optional<ExtraFields.Field> zip64) {
        long kept = Fields.u32(bytes, at + 20);
        long whole = Fields.u32(bytes, at + 24);
        long offset = Fields.u32(bytes, at + 42);
        int next = zip64.map(ExtraFields.Field::start).orElse(0);
        int end = zip64.map(ExtraFields.Field::end).orElse(0);
        if (whole == LARGE) {
            whole = large(bytes, next, end);
            next += Long.BYTES;
        }
        if (kept == LARGE) {
            kept = large(bytes, next, end);
            next += Long.BYTES;
        }
        if (offset == LARGE) {
            offset = large(bytes, next, end);
        }
        if (Fields.u16(bytes, at + 34) != 0) {
            throw Fields.damaged("it is one part of several");
        }
        return new Lengths(whole, kept, offset);
    }

    private static long large(byte[] bytes, int at, int end) {
        if (at + Long.BYTES > end) {
            throw Fields.damaged("the ZIP64 field of a member is missing or too short");
        }
        return Fields.u63(bytes, at);
    }
}
