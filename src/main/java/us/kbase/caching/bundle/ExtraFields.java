package us.kbase.caching.bundle;

import java.util.Optional;

/** A record's extra fields (section 4.5.1): pairs of an identifier and some bytes. */
final class ExtraFields {

    private static final int HEAD_BYTES = 4;

    private ExtraFields() {}

    /** Where a field's bytes stand. */
    record Field(int start, int end) {}

    /**
     * The only field of that identifier between these two places. Fails when there are two, or one reaches beyond the end; up to three
     * bytes behind the last field are padding.
     */
    static Optional<Field> find(byte[] bytes, int from, int end, int id) {
        Optional<Field> found = Optional.empty();
        int at = from;
        while (at + HEAD_BYTES <= end) {
            int start = at + HEAD_BYTES;
            int next = start + Fields.u16(bytes, at + 2);
            if (next > end) {
                throw Fields.damaged("an extra field reaches beyond its record");
            }
            if (Fields.u16(bytes, at) == id) {
                if (found.isPresent()) {
                    throw Fields.damaged("an extra field stands there twice");
                }
                found = Optional.of(new Field(start, next));
            }
            at = next;
        }
        return found;
    }
}
