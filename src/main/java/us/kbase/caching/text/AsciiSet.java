package us.kbase.caching.text;

/** A set of ASCII characters; no other character is in any. Every method takes time linear in its text. Any thread. */
public final class AsciiSet {

    /** {@code 0-9}. */
    public static final AsciiSet DIGITS = range('0', '9');

    /** {@code 0-9a-f}. */
    public static final AsciiSet LOWER_HEX = DIGITS.with(range('a', 'f'));

    /** {@code 0-9A-Za-z}. */
    public static final AsciiSet ALPHANUMERIC = DIGITS.with(range('A', 'Z')).with(range('a', 'z'));

    /** What shows on paper: {@code !} to {@code ~}. */
    public static final AsciiSet VISIBLE = range('!', '~');

    /** The visible characters and the space. */
    public static final AsciiSet PRINTABLE = range(' ', '~');

    private final long low;
    private final long high;

    private AsciiSet(long low, long high) {
        this.low = low;
        this.high = high;
    }

    /** The set of these characters, all of which must be ASCII. */
    public static AsciiSet of(String characters) {
        AsciiSet set = new AsciiSet(0, 0);
        for (int i = 0; i < characters.length(); i++) {
            set = set.with(range(characters.charAt(i), characters.charAt(i)));
        }
        return set;
    }

    /** The set of all characters from one to another, both included. */
    public static AsciiSet range(char first, char last) {
        if (last >= 0x80) {
            throw new IllegalArgumentException("not ASCII: " + last);
        }
        long low = 0;
        long high = 0;
        for (int c = first; c <= last; c++) {
            low |= c < 64 ? 1L << c : 0;
            high |= c < 64 ? 0 : 1L << c;
        }
        return new AsciiSet(low, high);
    }

    /** The union of both sets. */
    public AsciiSet with(AsciiSet other) {
        return new AsciiSet(low | other.low, high | other.high);
    }

    /** The union of this set and these characters. */
    public AsciiSet with(String characters) {
        return with(of(characters));
    }

    /** Whether the character or code point is in the set. */
    public boolean contains(int character) {
        return character >>> 7 == 0 && ((character < 64 ? low : high) >>> character & 1) != 0;
    }

    /** The index of the first character from {@code from} on that is not in the set, or the text's length. */
    public int end(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && contains(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether the text has a length between these two, both included, and no character outside the set. */
    public boolean spells(CharSequence text, int lengthMin, int lengthMax) {
        return text.length() >= lengthMin && text.length() <= lengthMax && end(text, 0) == text.length();
    }

    /** The first {@code lengthMax} code points of the text, with a question mark for each that is not in the set. */
    public String shown(CharSequence text, int lengthMax) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), lengthMax));
        for (int i = 0; i < text.length() && shown.length() < lengthMax; ) {
            int codePoint = Character.codePointAt(text, i);
            shown.append(contains(codePoint) ? (char) codePoint : '?');
            i += Character.charCount(codePoint);
        }
        return shown.toString();
    }
}
