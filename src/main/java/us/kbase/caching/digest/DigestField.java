package us.kbase.caching.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.AsciiSet;

/**
 * Reads a field of digests: a dictionary whose values are byte sequences, {@code sha-256=:BASE64:, md5=:BASE64:} (RFC 9530 section 2,
 * RFC 8941 sections 3.2 and 3.3.5). Members of unknown algorithms are passed over, parameters of members too. Linear in the text, which
 * comes from outside.
 */
public final class DigestField {

    /** The field of a reply with checksums that the gateway computed itself. */
    public static final String CACHE_DIGEST = "Cache-Digest";

    /** RFC 9530 section 3. In a reply: hashes that the file's client named and that held. */
    public static final String REPR_DIGEST = "Repr-Digest";

    private static final AsciiSet KEY_BEGIN = AsciiSet.range('a', 'z').with("*");
    private static final AsciiSet KEY = KEY_BEGIN.with(AsciiSet.DIGITS).with("_-.");
    private static final AsciiSet BASE64 = AsciiSet.ALPHANUMERIC.with("+/=");
    private static final AsciiSet BLANKS = AsciiSet.of(" \t");

    private final String name;
    private final String text;
    private int at;

    private DigestField(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * The digests of known algorithms, in their order; the last one of a name counts.
     *
     * @param name the field's, for the sentence
     * @param text its lines, joined by commas
     * @throws Failure.BadInput when it cannot be read
     */
    public static List<Digest> parse(String name, String text) {
        return new DigestField(name, text).members();
    }

    private List<Digest> members() {
        List<Digest> members = new ArrayList<>();
        skipBlanks();
        while (at < text.length()) {
            String key = key();
            expect('=');
            String base64 = byteSequence();
            skipParameters();
            DigestAlgorithm.named(key).ifPresent(known -> {
                members.removeIf(earlier -> earlier.algorithm() == known);
                members.add(Digest.parse(known, base64).orElseThrow(this::unreadable));
            });
            skipBlanks();
            if (at < text.length()) {
                expect(',');
                skipBlanks();
                demand(at < text.length()); // a comma at the end announces a member
            }
        }
        return members;
    }

    private String key() {
        int begin = at;
        demand(at < text.length() && KEY_BEGIN.contains(text.charAt(at)));
        at = KEY.end(text, at);
        return text.substring(begin, at);
    }

    private String byteSequence() {
        expect(':');
        int end = text.indexOf(':', at);
        demand(end >= 0);
        String base64 = text.substring(at, end);
        demand(BASE64.spells(base64, 0, base64.length()));
        at = end + 1;
        return base64;
    }

    /** Up to the next member; a comma in a quoted value is none between members. */
    private void skipParameters() {
        boolean quoted = false;
        if (at < text.length() && text.charAt(at) != ';') {
            return;
        }
        while (at < text.length() && (quoted || text.charAt(at) != ',')) {
            char c = text.charAt(at++);
            if (quoted && c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            }
        }
        demand(!quoted && at <= text.length());
    }

    private void skipBlanks() {
        at = BLANKS.end(text, at);
    }

    private void expect(char c) {
        demand(at < text.length() && text.charAt(at) == c);
        at++;
    }

    private void demand(boolean holds) {
        if (!holds) {
            throw unreadable();
        }
    }

    private Failure unreadable() {
        return new Failure.BadInput(name + " must be digests as sha-256=:BASE64: is, separated by commas (RFC 9530)");
    }

    /** One line that says the same. */
    public static Optional<String> format(List<Digest> digests) {
        return digests.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        String.join(", ", digests.stream().map(Digest::member).toList()));
    }
}
