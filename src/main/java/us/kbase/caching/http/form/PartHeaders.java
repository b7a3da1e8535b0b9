package us.kbase.caching.http.form;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.content.Disposition;
import us.kbase.caching.http.content.HeaderText;

/**
 * What the headers of a part say.
 *
 * @param name the field's name, empty when it has none
 * @param filename the filename as sent; nothing when the part has none
 * @param fields its headers by their names in lower case; lines of one name are joined by commas, but of Content-Disposition the first counts
 */
record PartHeaders(String name, Optional<String> filename, Map<String, String> fields) {

    private static final String DISPOSITION = "content-disposition";
    private static final String TRANSFER_ENCODING = "content-transfer-encoding";
    private static final Set<String> ENCODED = Set.of("base64", "quoted-printable");

    /**
     * The filename if this is the part that is looked for; nothing for any other. Throws {@code BadInput} for a file whose bytes
     * are not sent as they are, which RFC 7578 section 4.7 forbids.
     */
    Optional<String> filenameOfTheFile() {
        Optional<String> file = filename.filter(sent -> name.equals("file")).filter(Predicate.not(String::isEmpty));
        String transferEncoding = field(TRANSFER_ENCODING).orElse("").toLowerCase(Locale.ROOT);
        if (file.isPresent() && ENCODED.contains(transferEncoding)) {
            throw new Failure.BadInput("The file is sent in " + transferEncoding
                    + "; send its bytes as they are, without Content-Transfer-Encoding");
        }
        return file;
    }

    /** The end of the last line before the first empty one, looked for from an index on; -1 when there is none. */
    static int end(Buffer bytes, int from) {
        for (int i = from; i + 1 < bytes.length(); i++) {
            if (bytes.getByte(i) == '\n' && (bytes.getByte(i + 1) == '\n' || isLineEnd(bytes, i + 1))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isLineEnd(Buffer bytes, int at) {
        return at + 1 < bytes.length() && bytes.getByte(at) == '\r' && bytes.getByte(at + 1) == '\n';
    }

    static PartHeaders parse(byte[] block) {
        Map<String, String> fields = fields(HeaderText.of(block));
        String disposition = fields.getOrDefault(DISPOSITION, "");
        return new PartHeaders(
                Disposition.parameter(disposition, "name").orElse(""), Disposition.filename(disposition), fields);
    }

    /** Of each header its first line. */
    private static Map<String, String> fields(String block) {
        Map<String, String> fields = new HashMap<>();
        for (int at = 0; at < block.length(); ) {
            int lineEnd = block.indexOf('\n', at);
            String line = block.substring(at, lineEnd < 0 ? block.length() : lineEnd);
            boolean continues = at > 0 && (line.startsWith(" ") || line.startsWith("\t"));
            int colon = line.indexOf(':');
            if (!continues && colon >= 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                fields.merge(
                        name,
                        line.substring(colon + 1).strip(),
                        (before, further) -> name.equals(DISPOSITION) ? before : before + ", " + further);
            }
            at += line.length() + 1;
        }
        return fields;
    }

    /** The value of a header. */
    Optional<String> field(String header) {
        return Optional.ofNullable(fields.get(header.toLowerCase(Locale.ROOT)));
    }
}
