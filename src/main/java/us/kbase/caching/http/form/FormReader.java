package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * Reads a form up to its first part named {@code file} that has a filename, and is then that part's bytes. The end of the
 * bytes is given only after the closing boundary and the end of the request were seen; every other course fails, so that
 * nothing cut short can be published. Lines end as the first delimiter's does: by CRLF, or by LF in every place. One event loop.
 */
public final class FormReader implements ByteSource {

    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int PARTS_MAX = 256;

    private final RequestBytes request;
    private final String boundary;

    /** Of the form's lines; empty before the first delimiter. */
    private String lineEnd = "";

    private BoundarySearch delimiter;

    /**
     * Bytes taken from the request and not yet given; begins with the empty line before a part's content. Always on the
     * heap: the memory of a chunk goes on with its file's bytes.
     */
    private Buffer carry = Buffer.buffer("\n");

    private int parts;
    private int headersSearched;
    private boolean fileBegun;
    private boolean fileEnded;
    private ClaimedDigests claimed = ClaimedDigests.NONE;

    /** A reader of the request's bytes. */
    public FormReader(ByteSource request, String boundary) {
        this.request = new RequestBytes(request);
        this.boundary = boundary;
        this.delimiter = delimiter("\n");
    }

    private BoundarySearch delimiter(String before) {
        return new BoundarySearch((before + "--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * The filename of the file part; afterwards this source gives the part's bytes. Fails with {@code BadInput}: in the original's
     * words when the form ends without such a part, or when that part's headers name a digest that cannot be read.
     */
    public Future<String> file() {
        return Steps.until(this::filename);
    }

    /** That of the next part, when it is a file's. */
    private Future<Optional<String>> filename() {
        return Steps.whileMore(this::skipToDelimiter)
                .compose(v -> ++parts <= PARTS_MAX ? headers() : Future.failedFuture(missing()))
                .map(headers -> headers.filenameOfTheFile().map(filename -> {
                    claimed = ClaimedDigests.ofFile(headers::field);
                    return filename;
                }));
    }

    /** What the headers of the file's part say of it; known once {@link #file} is done. */
    public ClaimedDigests claimed() {
        return claimed;
    }

    /** The most bytes that the file can have, from the request's length; unknown for an unknown length. */
    public long lengthMaxBytes(long requestBytes) {
        int closingBytes =
                delimiter.length() + "--".length(); // the shortest end that a form can have after its last part
        long left = requestBytes - request.taken() + carry.length() - lineEnd.length();
        return requestBytes < 0 ? Body.UNKNOWN : Math.max(0, left - closingBytes);
    }

    @Override
    public Future<Buffer> next() {
        return Steps.until(this::step);
    }

    /** What is given next; nothing when that needs another chunk. */
    private Future<Optional<Buffer>> step() {
        if (!fileBegun) {
            return begin();
        }
        if (fileEnded) {
            return Future.succeededFuture(Optional.of(END));
        }
        int ready = readyBytes(carry);
        if (ready > 0) {
            Buffer given = carry.slice(0, ready);
            carry = carry.slice(ready, carry.length());
            return Future.succeededFuture(Optional.of(given));
        }
        if (delimiter.isAtBegin(carry)) {
            return delimited();
        }
        return request.next()
                .compose(chunk -> ByteSource.isEnd(chunk)
                        ? Future.failedFuture(missing())
                        : Future.succeededFuture(fileBytes(chunk)));
    }

    /** The empty line behind the headers may begin a delimiter: then the part has no content at all (RFC 2046 section 5.1.1). */
    private Future<Optional<Buffer>> begin() {
        return takeUntil(() -> carry.length() >= delimiter.length(), this::keep)
                .compose(v -> delimiter.isAtBegin(carry) ? isBare() : Future.succeededFuture(false))
                .compose(bare -> {
                    if (bare) {
                        return Future.failedFuture(missing());
                    }
                    fileBegun = true;
                    carry = carry.slice(lineEnd.length(), carry.length());
                    return Future.succeededFuture(Optional.empty());
                });
    }

    private Future<Boolean> isBare() {
        return takeUntil(() -> lineBehind(false).kind() != DelimiterLine.Kind.CUT, this::keep)
                .map(whole -> lineBehind(!whole).kind() != DelimiterLine.Kind.CONTENT);
    }

    private DelimiterLine lineBehind(boolean ended) {
        return DelimiterLine.of(carry.slice(delimiter.length(), carry.length()), ended);
    }

    /** What begins as a delimiter ends the file, or is bytes of it. */
    private Future<Optional<Buffer>> delimited() {
        Buffer begin = carry.slice(0, delimiter.length());
        carry = carry.slice(delimiter.length(), carry.length());
        return line().compose(line -> {
            if (line.kind() == DelimiterLine.Kind.CONTENT) {
                return Future.succeededFuture(Optional.of(begin));
            }
            return opensOtherwise(line) ? Future.failedFuture(missing()) : finish().map(Optional::of);
        });
    }

    /** Where two kinds of line ends are mixed, nobody can say which bytes are the file's. */
    private boolean opensOtherwise(DelimiterLine line) {
        return line.kind() == DelimiterLine.Kind.OPENS && !line.lineEnd().equals(lineEnd);
    }

    /** The line whose delimiter was taken. */
    private Future<DelimiterLine> line() {
        return takeUntil(() -> DelimiterLine.of(carry, false).kind() != DelimiterLine.Kind.CUT, this::keep)
                .map(whole -> DelimiterLine.of(carry, !whole));
    }

    /** What of a chunk is certainly the file's is given as it is. */
    private Optional<Buffer> fileBytes(Buffer chunk) {
        int ready = carry.length() > 0 ? 0 : readyBytes(chunk);
        carry = joined(carry, chunk.slice(ready, chunk.length()));
        if (ready > 0) {
            return Optional.of(chunk.slice(0, ready));
        }
        Chunk.release(chunk);
        return Optional.empty();
    }

    /** How many bytes come before a delimiter, or before what may be one; a line that only begins so costs what other bytes cost. */
    private int readyBytes(Buffer bytes) {
        int found = delimiter.indexIn(bytes);
        while (found >= 0 && DelimiterLine.isContent(bytes, found + delimiter.length())) {
            found = delimiter.indexIn(bytes, found + delimiter.length());
        }
        return found >= 0 ? found : bytes.length() - delimiter.partialAtEnd(bytes);
    }

    /** Reads what follows the file: further parts are dropped, the closing boundary and the request's end are demanded. */
    private Future<Buffer> finish() {
        int most = Body.SLACK_BYTES + delimiter.length();
        return takeUntil(() -> carry.length() > most, this::keep).compose(tooMuch -> {
            if (tooMuch) {
                return Future.failedFuture(
                        new Failure.BadInput("At most 64 KiB may follow the file in its form; send the file last"));
            }
            if (!closes()) {
                return Future.failedFuture(missing());
            }
            fileEnded = true;
            return Future.succeededFuture(END);
        });
    }

    /** Whether the delimiter that was taken, or one behind it, is the closing one. */
    private boolean closes() {
        boolean closed = DelimiterLine.of(carry, true).kind() == DelimiterLine.Kind.CLOSES;
        int next = delimiter.indexIn(carry);
        while (!closed && next >= 0) {
            carry = carry.slice(next + delimiter.length(), carry.length());
            closed = DelimiterLine.of(carry, true).kind() == DelimiterLine.Kind.CLOSES;
            next = delimiter.indexIn(carry);
        }
        return closed;
    }

    /** To the end of the next line that begins as a delimiter; true when it was none, and the next one counts. */
    private Future<Boolean> skipToDelimiter() {
        return takeUntil(() -> delimiter.indexIn(carry) >= 0, this::keepOnlyWithBeginOfDelimiter)
                .compose(found -> {
                    if (!found) {
                        return Future.failedFuture(missing());
                    }
                    carry = carry.slice(delimiter.indexIn(carry) + delimiter.length(), carry.length());
                    return line();
                })
                .compose(line -> line.kind() == DelimiterLine.Kind.CONTENT
                        ? Future.succeededFuture(true)
                        : opens(line) ? Future.succeededFuture(false) : Future.failedFuture(missing()));
    }

    /** Goes to the line's end if a part begins there. The first one tells how the form's lines end. */
    private boolean opens(DelimiterLine line) {
        if (lineEnd.isEmpty()) {
            lineEnd = line.lineEnd();
            delimiter = delimiter(lineEnd);
        }
        carry = carry.slice(line.length(), carry.length());
        return line.kind() == DelimiterLine.Kind.OPENS && !opensOtherwise(line);
    }

    private Future<PartHeaders> headers() {
        headersSearched = 0;
        int most = HEADER_BYTES_MAX + "\n\r\n".length(); // however the bytes are cut, an end in time is seen
        return takeUntil(() -> headersEnd() >= 0 || carry.length() >= most, this::keep)
                .compose(enough -> {
                    int end = headersEnd();
                    if (!enough) {
                        return Future.failedFuture(missing());
                    }
                    if (end < 0 || end > HEADER_BYTES_MAX) {
                        return Future.failedFuture(
                                new Failure.BadInput("A part of the form has headers of more than 16 KiB"));
                    }
                    PartHeaders headers = PartHeaders.parse(carry.getBytes(Math.min(lineEnd.length(), end), end));
                    carry = carry.slice(end + 1, carry.length());
                    if (carry.getByte(0) != lineEnd.charAt(0)) {
                        return Future.failedFuture(missing());
                    }
                    return Future.succeededFuture(headers);
                });
    }

    private int headersEnd() {
        int end = PartHeaders.end(carry, headersSearched);
        headersSearched = end < 0 ? Math.max(0, carry.length() - 2) : end;
        return end;
    }

    /** Takes chunks until it is enough; false when the request ended before. */
    private Future<Boolean> takeUntil(BooleanSupplier enough, Consumer<Buffer> take) {
        if (enough.getAsBoolean()) {
            return Future.succeededFuture(true);
        }
        carry = Buffer.buffer().appendBuffer(carry); // a slice cannot grow
        return request.takeUntil(enough, take);
    }

    private void keep(Buffer chunk) {
        carry.appendBuffer(chunk);
    }

    private void keepOnlyWithBeginOfDelimiter(Buffer chunk) {
        carry = joined(carry.slice(carry.length() - delimiter.partialAtEnd(carry), carry.length()), chunk);
    }

    private static Buffer joined(Buffer first, Buffer second) {
        return Buffer.buffer(first.length() + second.length())
                .appendBuffer(first)
                .appendBuffer(second);
    }

    private static Failure missing() {
        return new Failure.BadInput("File field missing");
    }

    @Override
    public void whenBroken(Consumer<Throwable> told) {
        request.whenBroken(told);
    }

    @Override
    public void cancel() {
        carry = END;
        request.cancel();
    }
}
