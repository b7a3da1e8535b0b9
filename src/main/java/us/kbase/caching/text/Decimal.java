package us.kbase.caching.text;

import java.util.OptionalLong;

/** Whole numbers as a text of ASCII digits. Any thread. */
public final class Decimal {

    private static final int DIGITS_MAX = 18;

    private Decimal() {}

    /**
     * The number that the text is: only ASCII digits, without a sign, at least one; nothing for any other text.
     *
     * @param digitsMax the most digits, leading zeros included; 1 to 18, so that a {@code long} holds them
     */
    public static OptionalLong parse(CharSequence text, int digitsMax) {
        if (digitsMax < 1 || digitsMax > DIGITS_MAX) {
            throw new IllegalArgumentException("1 to " + DIGITS_MAX + " digits, not " + digitsMax);
        }
        return AsciiSet.DIGITS.spells(text, 1, digitsMax)
                ? OptionalLong.of(Long.parseLong(text, 0, text.length(), 10))
                : OptionalLong.empty();
    }
}
