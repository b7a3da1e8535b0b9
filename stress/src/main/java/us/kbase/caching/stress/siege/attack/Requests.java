package us.kbase.caching.stress.siege.attack;

import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.siege.wire.Script;

/** Requests as text, well formed so far as each says. */
final class Requests {

    private static final byte[] FILLING = new byte[16 * 1024];
    private static final String FORM_BEGIN =
            new String(Payload.formBegin(), java.nio.charset.StandardCharsets.US_ASCII);
    private static final String FORM_END = Payload.FORM_END_TEXT;

    private Requests() {}

    /** A head; each header with its line end. Its end closes the connection after the reply. */
    static String head(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: siege\r\nConnection: close\r\n" + headers + "\r\n";
    }

    /** A head after which the connection stays open. */
    static String keptHead(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: siege\r\n" + headers + "\r\n";
    }

    static String authorization(Field.Owned owned) {
        return "Authorization: " + owned.token() + "\r\n";
    }

    private static String formHead(Field.Owned owned, String framing) {
        return head(
                "POST",
                owned.path(),
                authorization(owned) + "Content-Type: " + Payload.FORM_TYPE + "\r\n" + framing + "\r\n");
    }

    /** An upload whose length is known. */
    static Script upload(Field.Owned owned, long fileBytes) {
        long length = FORM_BEGIN.length() + fileBytes + FORM_END.length();
        return filled(Script.of(formHead(owned, "Content-Length: " + length)).then(FORM_BEGIN, 1), fileBytes)
                .then(FORM_END, 1);
    }

    /** An upload in chunks of at most 1 KiB. */
    static Script chunkedUpload(Field.Owned owned, long fileKibibytes) {
        String chunk = "400\r\n" + "c".repeat(1024) + "\r\n";
        return Script.of(formHead(owned, "Transfer-Encoding: chunked"))
                .then(chunk(FORM_BEGIN), 1)
                .then(chunk, fileKibibytes)
                .then(chunk(FORM_END) + "0\r\n\r\n", 1);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** An upload that says one length and has sent so many bytes less. */
    static Script shortUpload(Field.Owned owned, long fileBytes, long missingBytes) {
        long length = FORM_BEGIN.length() + fileBytes + FORM_END.length();
        return filled(
                Script.of(formHead(owned, "Content-Length: " + length)).then(FORM_BEGIN, 1), fileBytes - missingBytes);
    }

    private static Script filled(Script script, long bytes) {
        return script.then(FILLING, bytes / FILLING.length).then(new byte[(int) (bytes % FILLING.length)], 1);
    }

    /** A download of the whole file. */
    static Script download(Field.Owned owned) {
        return Script.of(head("GET", owned.path(), authorization(owned)));
    }
}
