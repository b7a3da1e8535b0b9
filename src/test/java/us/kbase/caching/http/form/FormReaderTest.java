package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static us.kbase.caching.http.form.Forms.BOUNDARY;
import static us.kbase.caching.http.form.Forms.closing;
import static us.kbase.caching.http.form.Forms.field;
import static us.kbase.caching.http.form.Forms.file;
import static us.kbase.caching.http.form.Forms.form;
import static us.kbase.caching.http.form.Forms.headed;
import static us.kbase.caching.http.form.Forms.part;
import static us.kbase.caching.http.form.Forms.read;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedSource;
import us.kbase.caching.testing.ScriptedSource;

/** Which forms give which file; the contract has one text for all that have none. */
class FormReaderTest {

    private static final Buffer CONTENT = Buffer.buffer("ACGT\r\n-\r\n--\r\nTTAA");

    private static Failure.BadInput refused(Buffer form) {
        return refused(ByteSource.of(form));
    }

    private static Failure.BadInput refused(ByteSource request) {
        return Await.failure(Failure.BadInput.class, read(request, BOUNDARY));
    }

    private static void assertFieldMissing(Buffer form) {
        assertEquals("File field missing", refused(form).getMessage());
    }

    @Nested
    class TheFileIsFound {

        @Test
        void alone() {
            assertEquals(new Forms.Read("reads.fa", CONTENT), read(form(file("reads.fa", CONTENT))));
        }

        @Test
        void afterOtherFields() {
            Buffer form = form(field("note", "a\r\nb"), field("empty", ""), file("reads.fa", CONTENT));
            assertEquals(new Forms.Read("reads.fa", CONTENT), read(form));
        }

        @Test
        void beforeOtherFieldsWhichAreDropped() {
            Buffer form = form(file("reads.fa", CONTENT), field("note", "b"), field("other", "c"));
            assertEquals(CONTENT, read(form).bytes());
        }

        @Test
        void afterAnotherPartWithAFilename() {
            Buffer other = part("form-data; name=\"log\"; filename=\"run.log\"", Buffer.buffer("log"));
            assertEquals(
                    "reads.fa", read(form(other, file("reads.fa", CONTENT))).filename());
        }

        @Test
        void asTheFirstOfTwo() {
            Buffer form = form(file("first", Buffer.buffer("1")), file("second", Buffer.buffer("2")));
            assertEquals(new Forms.Read("first", Buffer.buffer("1")), read(form));
        }

        @Test
        void asTheSecondOfTwoWhenTheFirstHasNoFilename() {
            Buffer form = form(field("file", "text"), file("real", Buffer.buffer("2")));
            assertEquals(new Forms.Read("real", Buffer.buffer("2")), read(form));
        }

        @Test
        void withoutAnyByte() {
            assertEquals(new Forms.Read("empty.txt", ByteSource.END), read(form(file("empty.txt", Buffer.buffer()))));
        }

        @Test
        void behindAPreambleAndBeforeAnEpilogue() {
            Buffer form = Buffer.buffer("This is a preamble.\r\nIt has lines.\r\n")
                    .appendBuffer(form(file("reads.fa", CONTENT)))
                    .appendString("This is an epilogue.");
            assertEquals(CONTENT, read(form).bytes());
        }

        @Test
        void whenTheClosingLineHasNoLineEnd() {
            Buffer form = file("reads.fa", CONTENT).appendString("--" + BOUNDARY + "--");
            assertEquals(CONTENT, read(form).bytes());
        }

        @Test
        void whenHeaderNamesAreWrittenInAnyCaseAndOthersStandAround() {
            Buffer form = form(headed(
                    "X-Note: a\r\ncontent-DISPOSITION: form-data; name=file; filename=x.txt\r\nContent-Type: text/plain\r\n",
                    CONTENT));
            assertEquals(new Forms.Read("x.txt", CONTENT), read(form));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r\n"})
        void behindBoundariesWithBlanksAndInLinesOfEitherEnd(String lineEnd) {
            String form = form(field("note", "a"), file("x", Buffer.buffer("abc\ndef")), field("more", "b"))
                    .toString()
                    .replace(BOUNDARY + "\r\n", BOUNDARY + " \t\r\n")
                    .replace("\r\n", lineEnd);
            for (int chunkBytes = 1; chunkBytes < 40; chunkBytes++) {
                assertEquals(
                        new Forms.Read("x", Buffer.buffer("abc\ndef")),
                        Await.result(read(ScriptedSource.of(Buffer.buffer(form), chunkBytes), BOUNDARY)));
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", " x", "-x", "--x", "-", "-- -", "\r", "\r\r\n"})
        void withALineThatGoesOnBehindTheBoundary(String after) {
            Buffer content = Buffer.buffer("first\r\n--" + BOUNDARY + after + "second");
            for (int chunkBytes = 1; chunkBytes < 40; chunkBytes++) {
                ScriptedSource request = ScriptedSource.of(form(file("x", content)), chunkBytes);
                assertEquals(content, Await.result(read(request, BOUNDARY)).bytes());
            }
        }

        @Test
        void withMoreBlanksBehindABoundaryThanAnybodyPads() {
            Buffer content = Buffer.buffer("a\r\n--" + BOUNDARY + " ".repeat(100_000) + "\r\nb");
            assertEquals(content, read(form(file("x", content))).bytes());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\r\n--",
                    "\r\n--X-FORM-BOUNDARY-7MA4YWx",
                    "\r\n--X-FORM-BOUNDARY-7MA4YWxK",
                    "\n--X-FORM-BOUNDARY-7MA4YWxk--\r\n",
                    "--X-FORM-BOUNDARY-7MA4YWxk--",
                    "\r\r\n--X-FORM\r\n--X-FORM-BOUND",
                    "\r\n\r\n\r",
                })
        void withBytesThatBeginLikeADelimiter(String lookAlike) {
            Buffer content = Buffer.buffer("a" + lookAlike + "b" + lookAlike);
            Buffer form = form(file("f", content));
            for (int chunkBytes = 1; chunkBytes < 40; chunkBytes++) {
                assertEquals(
                        content,
                        Await.result(read(ScriptedSource.of(form, chunkBytes), BOUNDARY))
                                .bytes());
            }
        }
    }

    @Nested
    class TheFileIsMissing {

        @Test
        void withoutAnyPart() {
            assertFieldMissing(closing());
        }

        @Test
        void inAnEmptyBody() {
            assertFieldMissing(Buffer.buffer());
        }

        @Test
        void withOtherFieldsOnly() {
            assertFieldMissing(form(field("note", "a"), part("form-data; name=\"log\"; filename=\"x\"", CONTENT)));
        }

        @Test
        void whenTheFieldHasNoFilename() {
            assertFieldMissing(form(field("file", "text")));
        }

        @Test
        void whenTheFilenameIsEmpty() {
            assertFieldMissing(form(file("", CONTENT)));
        }

        @Test
        void whenItsNameHasAnotherCase() {
            assertFieldMissing(form(part("form-data; name=\"File\"; filename=\"x\"", CONTENT)));
        }

        @Test
        void whenThePartHasNoHeaders() {
            assertFieldMissing(form(headed("", CONTENT)));
        }

        /** Whose file ends where, nobody can say. */
        @Test
        void whenLineFeedsAloneStandAmongOtherLineEnds() {
            String form = form(file("x", Buffer.buffer("abc"))).toString();
            assertFieldMissing(Buffer.buffer(form.replace("\r\n--", "\n--")));
            assertFieldMissing(Buffer.buffer(form.replace(BOUNDARY + "\r\n", BOUNDARY + "\n")));
            assertFieldMissing(Buffer.buffer(form.replace("\r\n\r\n", "\n\n")));
        }

        @Test
        void whenTheBoundaryIsAnother() {
            assertFieldMissing(Buffer.buffer(form(file("x", CONTENT)).toString().replace(BOUNDARY, "OTHER")));
        }

        @Test
        void whenItStandsBehindTheClosingDelimiter() {
            assertFieldMissing(closing().appendBuffer(form(file("x", CONTENT))));
        }
    }

    /** RFC 2046 section 5.1.1 allows a part without content, whose delimiter was published as its bytes; all behind it is dropped. */
    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n"})
    void aFileWithoutContentIsRefusedWhateverFollows(String lineEnd) {
        for (String behind : List.of(
                "--\r\n",
                "--\r\nepilogue\r\n--" + BOUNDARY + "--\r\n",
                "  \r\nA: b\r\n\r\nc\r\n--" + BOUNDARY + "--\r\n")) {
            String form = "--" + BOUNDARY
                    + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n--" + BOUNDARY + behind;
            Buffer sent = Buffer.buffer(form.replace("\r\n", lineEnd));
            assertFieldMissing(sent);
            assertEquals(
                    "File field missing", refused(ScriptedSource.of(sent, 1)).getMessage());
        }
    }

    @Test
    void aFieldWithoutContentIsPassedOver() {
        Buffer bare = Buffer.buffer("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n");
        assertEquals(new Forms.Read("reads.fa", CONTENT), read(form(bare, file("reads.fa", CONTENT))));
    }

    /** What only begins so, as a longer boundary does, is the file's. */
    @Test
    void aFirstLineThatBeginsAsADelimiterIsTheFiles() {
        Buffer content = Buffer.buffer("--" + BOUNDARY + "x\r\nACGT");
        assertEquals(content, read(form(file("x", content))).bytes());
    }

    /** RFC 7578 section 4.7 forbids it; stored as it is, it would be another file. */
    @ParameterizedTest
    @ValueSource(strings = {"base64", "Quoted-Printable"})
    void anEncodedFileIsRefusedWithAWordOfHowToSendIt(String encoding) {
        String headers =
                "Content-Disposition: form-data; name=file; filename=x\r\nContent-Transfer-Encoding: " + encoding;
        assertEquals(
                "The file is sent in " + encoding.toLowerCase(java.util.Locale.ROOT)
                        + "; send its bytes as they are, without Content-Transfer-Encoding",
                refused(form(headed(headers + "\r\n", Buffer.buffer("QUNHVA=="))))
                        .getMessage());
    }

    /** Nothing may be published that the client did not send whole. */
    @Nested
    class ACutFormIsRefused {

        @Test
        void atEveryByteBeforeTheEndOfTheClosingDelimiter() {
            Buffer form = form(field("note", "a"), file("reads.fa", CONTENT), field("more", "b"));
            int closed = form.length() - 2;
            for (int cut = 0; cut < closed; cut++) {
                assertFieldMissing(form.slice(0, cut));
            }
            assertEquals(CONTENT, read(form.slice(0, closed)).bytes());
        }

        @Test
        void withTheFailureOfTheConnectionAtEveryByte() {
            Buffer form = form(file("reads.fa", CONTENT));
            for (int cut = 0; cut <= form.length(); cut++) {
                ScriptedSource request = ScriptedSource.broken(form.slice(0, cut), 7, new Failure.ClientGone(null));
                Await.failure(Failure.ClientGone.class, read(request, BOUNDARY));
            }
        }

        @Test
        void whenTheLastDelimiterDoesNotClose() {
            assertFieldMissing(file("x", CONTENT).appendString("--" + BOUNDARY + "\r\n"));
        }

        /** Cut at such a line the file would be half of what was sent, and not cut it could be more. */
        @Test
        void whenALineOfTheFileIsADelimiterButForItsEnd() {
            assertFieldMissing(form(file("x", Buffer.buffer("first\r\n--" + BOUNDARY + "\nsecond"))));
        }
    }

    @Nested
    class WhatAClientMaySendIsLimited {

        private static final int SLACK = 64 * 1024;

        /** Thousands of pieces would each cost a write and what is kept beside it. */
        @Test
        void linesThatOnlyBeginAsADelimiterAreNoPiecesOfTheirOwn() {
            Buffer content = Buffer.buffer(("\r\n--" + BOUNDARY + "X").repeat(5_000));
            FormReader reader = new FormReader(ByteSource.of(form(file("x", content))), BOUNDARY, more -> true);
            Buffer bytes = Buffer.buffer();
            AtomicInteger pieces = new AtomicInteger();
            Await.result(reader.file()
                    .compose(filename -> Pump.run(reader, chunk -> {
                        pieces.incrementAndGet();
                        bytes.appendBuffer(chunk);
                        return Future.succeededFuture();
                    })));
            assertEquals(content, bytes);
            assertTrue(pieces.get() < 10, pieces + " pieces");
        }

        @Test
        void sixtyFourKibibytesMayFollowTheFile() {
            Buffer form = form(file("x", CONTENT), field("note", "n".repeat(SLACK - 300)));
            assertEquals(CONTENT, read(form).bytes());
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 1000, 1 << 20})
        void moreAfterTheFileIsRefusedAndNotCollected(int chunkBytes) {
            Buffer form = form(file("x", CONTENT), field("note", "n".repeat(SLACK * 4)));
            ScriptedSource request = ScriptedSource.of(form, chunkBytes);
            assertEquals(
                    "At most 64 KiB may follow the file in its form; send the file last",
                    refused(request).getMessage());
            assertTrue(request.givenBytes() < SLACK + chunkBytes + 1000, "taken: " + request.givenBytes());
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 1000, 1 << 20})
        void headersOfMoreThanSixteenKibibytesAreRefusedInChunksOfAnySize(int chunkBytes) {
            Buffer form = form(headed("X-Long: " + "h".repeat(16 * 1024) + "\r\n", CONTENT), file("x", CONTENT));
            assertEquals(
                    "A part of the form has headers of more than 16 KiB",
                    refused(ScriptedSource.of(form, chunkBytes)).getMessage());
        }

        @Test
        void headersThatNeverEndAreRefusedBeforeTheyAreCollected() {
            Buffer form = headed("X-Long: " + "h".repeat(1 << 20) + "\r\n", CONTENT);
            ScriptedSource request = ScriptedSource.of(form, 4096);
            refused(request);
            assertTrue(request.givenBytes() < 32 * 1024, "taken: " + request.givenBytes());
        }

        @Test
        void theFileIsAmongTheFirstTwoHundredFiftySixParts() {
            assertEquals(CONTENT, read(form(fields(255), file("x", CONTENT))).bytes());
            assertFieldMissing(form(fields(256), file("x", CONTENT)));
        }

        private static Buffer fields(int count) {
            Buffer fields = Buffer.buffer();
            for (int i = 0; i < count; i++) {
                fields.appendBuffer(field("field" + i, ""));
            }
            return fields;
        }

        @Test
        void aFieldBeforeTheFileMayBeLong() {
            Buffer form = form(field("long", "v".repeat(3 << 20)), file("x", CONTENT));
            assertEquals(CONTENT, read(form).bytes());
        }
    }

    /** A client with chunked encoding chooses the chunks, and a read of its socket can give ten thousand at once. */
    @Nested
    class ChunksOfOneByteDoNotOverrunTheStack {

        private static final String LONG = "0123456789abcdef\r\n".repeat(600);

        private static Buffer inBytes(Buffer form) {
            return Await.result(read(ScriptedSource.of(form, 1), BOUNDARY)).bytes();
        }

        @Test
        void inThePreamble() {
            assertEquals(CONTENT, inBytes(Buffer.buffer(LONG.repeat(10)).appendBuffer(form(file("x", CONTENT)))));
        }

        @Test
        void inAFieldBeforeTheFile() {
            assertEquals(CONTENT, inBytes(form(field("note", LONG.repeat(10)), file("x", CONTENT))));
        }

        @Test
        void inTheHeaders() {
            String header =
                    "X-Long: " + "h".repeat(15_000) + "\r\nContent-Disposition: form-data; name=file; filename=x\r\n";
            assertEquals(CONTENT, inBytes(form(headed(header, CONTENT))));
        }

        @Test
        void inTheFile() {
            assertEquals(LONG, inBytes(form(file("x", Buffer.buffer(LONG)))).toString());
        }

        @Test
        void inWhatFollowsTheFile() {
            assertEquals(CONTENT, inBytes(form(file("x", CONTENT), field("note", LONG.repeat(4)))));
        }
    }

    @Nested
    class OnDemand {

        /** What the consumer does not pull stays with the client. */
        @Test
        void noMoreThanAChunkIsHeldWhileNobodyPulls() {
            int chunkBytes = 8192;
            Buffer content = random(4 << 20);
            ScriptedSource request = ScriptedSource.of(form(file("x", content)), chunkBytes);
            FormReader reader = new FormReader(request, BOUNDARY, more -> true);
            Await.result(reader.file());
            long pulled = 0;
            while (pulled < content.length()) {
                long held = request.givenBytes() - pulled;
                assertTrue(held <= 2 * chunkBytes, "held: " + held);
                pulled += Await.result(reader.next()).length();
            }
        }

        /** Memory for files is bounded where their bytes arrive; what would be copied to the heap while a store is late is paid by nobody. */
        @Test
        void theFirstBytesOfAFileStayInTheMemoryThatTheyCameIn() {
            CountedSource request = new CountedSource(List.of(form(file("x", random(200_000)))));
            FormReader reader = new FormReader(request, BOUNDARY, more -> true);
            Await.result(reader.file());
            Buffer first = Await.result(reader.next());
            assertTrue(Chunk.isCounted(first), "copied");
            assertEquals(200_000, first.length());
            Chunk.release(first);
            reader.cancel();
            request.assertAllReleased();
        }

        @Test
        void longHeadersArePaidForOnceBeforeTheyAreHeld() {
            List<Long> paid = new ArrayList<>();
            Buffer two = form(
                    headed("X-Long: " + "h".repeat(15_000) + "\r\n", CONTENT),
                    headed("X-Long: " + "h".repeat(15_000) + "\r\n", CONTENT),
                    file("x", CONTENT));
            Await.result(new FormReader(ByteSource.of(two), BOUNDARY, bytes -> paid.add(bytes)).file());
            assertEquals(List.of(32L * 1024), paid);
            Failure.Busy refused = Await.failure(
                    Failure.Busy.class, new FormReader(ByteSource.of(two), BOUNDARY, bytes -> false).file());
            assertTrue(refused.getMessage().contains("long headers"), refused.getMessage());
            assertEquals(
                    "x",
                    Await.result(
                            new FormReader(ByteSource.of(form(file("x", CONTENT))), BOUNDARY, bytes -> false).file()),
                    "usual ones are paid for already");
        }

        @Test
        void nothingIsReadBeforeTheFirstQuestion() {
            ScriptedSource request = ScriptedSource.of(form(file("x", CONTENT)), 10);
            FormReader reader = new FormReader(request, BOUNDARY, more -> true);
            assertEquals(0, request.givenBytes());
            reader.cancel();
            assertEquals(0, request.givenBytes());
            assertEquals(1, request.cancels());
        }

        @Test
        void theEndIsGivenAgainAfterTheEnd() {
            FormReader reader =
                    new FormReader(ByteSource.of(form(file("x", Buffer.buffer("a")))), BOUNDARY, more -> true);
            Await.result(reader.file());
            assertEquals(Buffer.buffer("a"), Await.result(reader.next()));
            assertTrue(ByteSource.isEnd(Await.result(reader.next())));
            assertTrue(ByteSource.isEnd(Await.result(reader.next())));
        }
    }

    @Nested
    class TheLengthOfTheFile {

        private static long boundOf(Buffer form, long requestBytes) {
            FormReader reader = new FormReader(ScriptedSource.of(form, 50), BOUNDARY, more -> true);
            Await.result(reader.file());
            return reader.lengthMaxBytes(requestBytes);
        }

        @Test
        void isAtMostWhatTheRequestStillHoldsWithoutTheClosingDelimiter() {
            Buffer form = form(field("note", "n"), file("x", CONTENT));
            assertEquals(CONTENT.length() + 2, boundOf(form, form.length()));
        }

        @Test
        void isExactWhenNothingFollowsTheClosingDelimiter() {
            Buffer form = file("x", CONTENT).appendString("--" + BOUNDARY + "--");
            assertEquals(CONTENT.length(), boundOf(form, form.length()));
        }

        @Test
        void isUnknownForARequestOfUnknownLength() {
            assertEquals(Body.UNKNOWN, boundOf(form(file("x", CONTENT)), -1));
        }

        /** A negative bound would read as unknown, and a store would collect. */
        @Test
        void isNeverNegativeWhenTheRequestIsTooShortForItsEnd() {
            Buffer headersOnly = file("x", Buffer.buffer());
            assertEquals(0, boundOf(headersOnly, headersOnly.length()));
        }
    }

    @Test
    void aChunkThatComesLaterGoesOnWhereItStopped() {
        Buffer form = form(file("x", CONTENT));
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        try {
            ScriptedSource chunks = ScriptedSource.of(form, 3);
            ByteSource later = new ByteSource() {
                @Override
                public Future<Buffer> next() {
                    return vertx.timer(1, java.util.concurrent.TimeUnit.MICROSECONDS)
                            .compose(v -> chunks.next());
                }

                @Override
                public void cancel() {}
            };
            assertEquals(CONTENT, Await.result(read(later, BOUNDARY)).bytes());
        } finally {
            Await.result(vertx.close());
        }
    }

    private static Buffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }
}
