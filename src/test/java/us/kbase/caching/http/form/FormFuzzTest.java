package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.CountedSource;
import us.kbase.caching.testing.Fuzz;

/** Forms of real clients, changed here and there: every cut gives the same file or the same refusal, and all memory comes back. */
class FormFuzzTest {

    private static final String BOUNDARY = "X-b7";
    private static final String PART = "--X-b7\r\nContent-Disposition: form-data; name=";

    private static final Corpus FORMS = Corpus.of(
            List.of(
                    PART + "\"file\"; filename=\"reads.fa\"\r\n\r\n>r1\nACGT\n\r\n--X-b7--\r\n",
                    // curl
                    "--X-b7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\n"
                            + "Content-Type: text/plain\r\n\r\n0123456789\r\n--X-b7--\r\n",
                    // Python requests, with a field before
                    PART + "\"note\"\r\n\r\nwords\r\n" + PART
                            + "\"file\"; filename=\"x.bin\"\r\n\r\n\0\1\2\r\n--X-b\r\n-- X-b7\r\n--X-b7--\r\n",
                    // a browser, with a field behind
                    PART
                            + "\"file\"; filename=\"na\u00c3\u00afve.txt\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                            + "\r\n\r\n--\r\n" + PART + "\"submit\"\r\n\r\nSend\r\n--X-b7--\r\n",
                    "preamble\r\n" + PART + "\"file\"; filename*=UTF-8''%e2%82%ac.txt\r\n\r\n\r\n--X-b7--\r\nepilogue",
                    PART + "\"file\"; filename=\"\"\r\n\r\n\r\n" + PART
                            + "\"file\"; filename=\"2\"\r\n\r\n2\r\n--X-b7--"),
            List.of(
                    "\r\n",
                    "\r",
                    "\n",
                    "--",
                    "--X-b7",
                    "\r\n--X-b7",
                    "\r\n--X-b7\r\n",
                    "\r\n--X-b7--",
                    "\r\n\r\n",
                    "\"",
                    "; ",
                    "filename=",
                    "filename*=UTF-8''",
                    "name=\"file\"",
                    "Content-Disposition: form-data; ",
                    "\0",
                    "\\",
                    "%0d%0a",
                    "\u00ff",
                    "Content-Type: multipart/mixed; boundary=y\r\n",
                    PART));

    private record Heard(String filename, Buffer bytes, String refusal) {}

    /** What is heard of a form in these pieces. A file is anybody's only when its end came. */
    private static Heard read(List<Buffer> pieces) {
        CountedSource request = new CountedSource(pieces);
        FormReader reader = new FormReader(request, BOUNDARY, more -> true);
        Buffer bytes = Buffer.buffer();
        Future<Heard> heard = reader.file()
                .compose(filename -> Pump.run(reader, chunk -> {
                            Chunk.moveTo(bytes, chunk);
                            return Future.succeededFuture();
                        })
                        .map(v -> new Heard(filename, bytes, "")))
                .recover(failure -> {
                    if (failure instanceof Failure.BadInput refused) {
                        return Future.succeededFuture(new Heard("", Buffer.buffer(), refused.getMessage()));
                    }
                    return Future.failedFuture(failure);
                });
        reader.cancel();
        request.assertAllReleased();
        if (heard.failed()) {
            throw new AssertionError("no refusal", heard.cause());
        }
        return heard.result();
    }

    @Test
    void everyCutOfAFormSaysTheSame() {
        Fuzz.holds(6_000, random -> same(FORMS.mutant(random), random));
    }

    private static void same(byte[] form, Random random) {
        Heard whole = read(form.length == 0 ? List.of() : List.of(Buffer.buffer(form)));
        assertEquals(whole, read(Corpus.cut(form, random)));
        assertEquals(whole, read(Corpus.cut(form, random)));
    }

    /** Where headers are just too long or just not, and where they begin to be paid for. */
    @Test
    void aBlockOfHeadersIsAsLongAsItIsHoweverItIsCut() {
        IntStream.concat(around(4 << 10), around(16 << 10)).forEach(length -> {
            String headers = "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nX: ";
            String form = "--X-b7\r\n" + headers + "x".repeat(length - headers.length()) + "\r\n\r\nfile\r\n--X-b7--";
            byte[] bytes = form.getBytes(StandardCharsets.ISO_8859_1);
            List<Buffer> singly = new ArrayList<>();
            for (byte one : bytes) {
                singly.add(Buffer.buffer().appendByte(one));
            }
            Heard whole = read(List.of(Buffer.buffer(bytes)));
            boolean tooLong = "\r\n".length() + length + "\r".length() > 16 << 10;
            assertEquals(tooLong, !whole.refusal().isEmpty(), "headers of " + length);
            assertEquals(whole, read(singly), "headers of " + length);
        });
    }

    private static IntStream around(int length) {
        return IntStream.range(length - 80, length + 20);
    }
}
