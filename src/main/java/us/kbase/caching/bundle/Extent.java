package us.kbase.caching.bundle;

import java.util.Optional;

/**
 * Where a member lies in the archive.
 *
 * @param offset where its header begins
 * @param endMin where its bytes end at the earliest
 */
record Extent(long offset, long endMin) {

    /** Reads a record of a directory whose members were all read before, and no name. */
    static Extent of(byte[] bytes, int at) {
        int nameBytes = Fields.u16(bytes, at + 28);
        int extraStart = at + Member.RECORD_BYTES + nameBytes;
        int extraEnd = extraStart + Fields.u16(bytes, at + 30);
        boolean large = Fields.i32(bytes, at + 20) == -1
                || Fields.i32(bytes, at + 24) == -1
                || Fields.i32(bytes, at + 42) == -1;
        Lengths lengths = Lengths.of(
                bytes, at, large ? ExtraFields.find(bytes, extraStart, extraEnd, Lengths.ZIP64) : Optional.empty());
        return of(lengths.offset(), nameBytes, lengths.keptBytes());
    }

    /** A header without extra fields, a name, and the bytes. */
    static Extent of(long offset, int nameBytes, long keptBytes) {
        return new Extent(offset, offset + LocalHeader.BYTES + nameBytes + keptBytes);
    }
}
