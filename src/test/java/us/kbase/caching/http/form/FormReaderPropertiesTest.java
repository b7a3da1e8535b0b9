package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/** What holds for every content, boundary and cutting into chunks. */
class FormReaderPropertiesTest {

    private static final int ROOM_BYTES = 300;

    /** A form as one client would send it; its content may be anything but a line that begins with the delimiter. */
    record Sent(String boundary, Buffer content, Buffer form, int closedAt) {
        @Override
        public String toString() {
            return "boundary " + boundary + ", content " + content.length() + " bytes";
        }
    }

    @Property(tries = 400)
    void theBytesOutAreTheBytesIn(
            @ForAll("forms") Sent sent, @ForAll long cuts, @ForAll @IntRange(min = 1, max = 400) int most) {
        Forms.Read read = Await.result(Forms.read(ScriptedSource.of(split(sent.form, cuts, most)), sent.boundary));
        assertEquals(new Forms.Read("reads.fa", sent.content), read);
    }

    @Property(tries = 200)
    void inChunksOfOneByteToo(@ForAll("forms") Sent sent) {
        Forms.Read read = Await.result(Forms.read(ScriptedSource.of(sent.form, 1), sent.boundary));
        assertEquals(sent.content, read.bytes());
    }

    @Property(tries = 400)
    void aCutFormNeverGivesAWholeFile(
            @ForAll("forms") Sent sent, @ForAll long cuts, @ForAll @IntRange(max = 1 << 20) int cut) {
        Buffer cutForm = sent.form.slice(0, cut % sent.closedAt);
        ScriptedSource request = ScriptedSource.of(split(cutForm, cuts, 200));
        var failure = Await.failure(Failure.BadInput.class, Forms.read(request, sent.boundary));
        assertEquals("File field missing", failure.getMessage());
    }

    @Property(tries = 200)
    void whatIsHeldIsAChunkAndTheBeginOfADelimiter(
            @ForAll("forms") Sent sent, @ForAll long cuts, @ForAll @IntRange(min = 1, max = 400) int most) {
        ScriptedSource request = ScriptedSource.of(split(sent.form, cuts, most));
        FormReader reader = new FormReader(request, sent.boundary, more -> true);
        Await.result(reader.file());
        long before = request.givenBytes();
        long given = 0;
        for (Buffer chunk = Await.result(reader.next());
                !ByteSource.isEnd(chunk);
                chunk = Await.result(reader.next())) {
            given += chunk.length();
            long held = request.givenBytes() - before - given;
            assertTrue(held <= most + sent.boundary.length() + ROOM_BYTES, "held " + held);
        }
    }

    @Property(tries = 200)
    void theFileIsNeverLongerThanItsBound(@ForAll("forms") Sent sent, @ForAll long cuts) {
        FormReader reader = new FormReader(ScriptedSource.of(split(sent.form, cuts, 300)), sent.boundary, more -> true);
        Await.result(reader.file());
        long bound = reader.lengthMaxBytes(sent.form.length());
        assertTrue(bound >= sent.content.length(), bound + " for " + sent.content.length());
        assertTrue(bound <= sent.content.length() + 250, bound + " for " + sent.content.length());
    }

    private static List<Buffer> split(Buffer bytes, long seed, int most) {
        Random random = new Random(seed);
        List<Buffer> chunks = new ArrayList<>();
        int from = 0;
        while (from < bytes.length()) {
            int to = Math.min(bytes.length(), from + 1 + random.nextInt(most));
            chunks.add(bytes.slice(from, to));
            from = to;
        }
        return chunks;
    }

    @Provide
    Arbitrary<Sent> forms() {
        Arbitrary<String> boundaries = Arbitraries.strings()
                .withChars("abcXYZ019-_'()+,./:=?")
                .ofMinLength(1)
                .ofMaxLength(70)
                .withoutEdgeCases();
        return boundaries.flatMap(boundary -> Combinators.combine(contents(boundary), Arbitraries.of(true, false))
                .as((content, fieldAfter) -> sent(boundary, content, fieldAfter)));
    }

    /** Pieces that a search can stumble over, mixed with anything. */
    private static Arbitrary<Buffer> contents(String boundary) {
        String delimiter = "\r\n--" + boundary;
        Arbitrary<byte[]> beginnings = Arbitraries.integers()
                .between(1, delimiter.length() - 1)
                .map(n -> delimiter.substring(0, n).getBytes());
        Arbitrary<byte[]> endings = Arbitraries.integers()
                .between(2, delimiter.length() - 1)
                .map(n -> delimiter.substring(n).getBytes());
        Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        return Arbitraries.oneOf(beginnings, endings, anything)
                .list()
                .ofMaxSize(30)
                .map(pieces -> pieces.stream().map(Buffer::buffer).reduce(Buffer.buffer(), Buffer::appendBuffer))
                // The delimiter that ends the part counts too: the content's last bytes may complete one with it.
                // So does the empty line before the part, with its first ones.
                .filter(content ->
                        indexOf(Buffer.buffer("\r\n").appendBuffer(content).appendString(delimiter), delimiter)
                                == content.length() + 2);
    }

    private static int indexOf(Buffer content, String delimiter) {
        return content.toString("ISO-8859-1").indexOf(delimiter);
    }

    private static Sent sent(String boundary, Buffer content, boolean fieldAfter) {
        String head = "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"reads.fa\"\r\n\r\n";
        String field = "\r\n--%s\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nn";
        Buffer form = Buffer.buffer(head.formatted(boundary)).appendBuffer(content);
        if (fieldAfter) {
            form.appendString(field.formatted(boundary));
        }
        form.appendString("\r\n--" + boundary + "--");
        return new Sent(boundary, content, form, form.length());
    }
}
