package us.kbase.caching.http.condition;

import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.text.Decimal;

/** Reads the header {@code Range} (RFC 9110 section 14.2). Any thread. */
final class RangeHeader {

    private static final String UNIT = "bytes=";
    private static final int DIGITS_MAX = 18;

    private RangeHeader() {}

    /** The single range of bytes that the value asks for; nothing for several, and for what a server must ignore. */
    static Optional<ByteRange> parse(String value) {
        int dash = value.indexOf('-');
        if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length()) || dash < 0) {
            return Optional.empty();
        }
        String first = value.substring(UNIT.length(), dash);
        String last = value.substring(dash + 1);
        return first.isEmpty() ? suffix(last) : range(first, last);
    }

    private static Optional<ByteRange> suffix(String length) {
        OptionalLong bytes = Decimal.parse(length, DIGITS_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                bytes.getAsLong() == 0
                        ? new ByteRange(Long.MAX_VALUE, 0)
                        : new ByteRange(-bytes.getAsLong(), Long.MAX_VALUE));
    }

    private static Optional<ByteRange> range(String first, String last) {
        OptionalLong from = Decimal.parse(first, DIGITS_MAX);
        OptionalLong to = last.isEmpty() ? OptionalLong.of(Long.MAX_VALUE) : Decimal.parse(last, DIGITS_MAX);
        return from.isEmpty() || to.isEmpty() || to.getAsLong() < from.getAsLong()
                ? Optional.empty()
                : Optional.of(new ByteRange(from.getAsLong(), to.getAsLong()));
    }
}
