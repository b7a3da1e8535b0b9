package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
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

    private static final int PARTS_MAX = 256;

    /** Begins with the empty line before a part's content. */
    private final RequestBytes request;

    private final String boundary;
    private final HeaderReader headers;

    /** Of the form's lines; empty before the first delimiter. */
    private String lineEnd = "";

    private BoundarySearch delimiter;

    private int parts;
    private boolean fileBegun;
    private boolean fileEnded;
    private ClaimedDigests claimed = ClaimedDigests.NONE;

    /**
     * A reader of the request's bytes.
     *
     * @param payment takes so many bytes more of the heap for this form, and says whether there was room
     */
    public FormReader(ByteSource request, String boundary, LongPredicate payment) {
        this.request = new RequestBytes(request, Buffer.buffer("\n"));
        this.headers = new HeaderReader(this.request, payment);
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
                .compose(v -> ++parts <= PARTS_MAX ? headers.read(lineEnd) : Future.failedFuture(missing()))
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
        long left = requestBytes - request.passed() - lineEnd.length();
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
        if (request.ahead().length() == 0) {
            return request.next().map(this::fileBytes);
        }
        int ready = readyBytes(request.ahead());
        if (ready > 0) {
            request.lookBack();
            int give = Math.min(ready, request.ahead().length());
            return Future.succeededFuture(Optional.of(request.give(give)).filter(given -> given.length() > 0));
        }
        if (delimiter.isAtBegin(request.ahead())) {
            return delimited();
        }
        int looked = request.ahead().length();
        return request.lookUntil(() -> request.ahead().length() > looked)
                .compose(more -> more ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(missing()));
    }

    /** The empty line behind the headers may begin a delimiter: then the part has no content at all (RFC 2046 section 5.1.1). */
    private Future<Optional<Buffer>> begin() {
        return request.lookUntil(() -> request.ahead().length() >= delimiter.length())
                .compose(v -> delimiter.isAtBegin(request.ahead()) ? isBare() : Future.succeededFuture(false))
                .compose(bare -> {
                    if (bare) {
                        return Future.failedFuture(missing());
                    }
                    fileBegun = true;
                    request.drop(lineEnd.length());
                    return Future.succeededFuture(Optional.empty());
                });
    }

    private Future<Boolean> isBare() {
        return request.lookUntil(() -> lineBehind(false).kind() != DelimiterLine.Kind.CUT)
                .map(whole -> lineBehind(!whole).kind() != DelimiterLine.Kind.CONTENT);
    }

    private DelimiterLine lineBehind(boolean ended) {
        Buffer ahead = request.ahead();
        return DelimiterLine.of(ahead.slice(delimiter.length(), ahead.length()), ended);
    }

    /** What begins as a delimiter ends the file, or is bytes of it. */
    private Future<Optional<Buffer>> delimited() {
        Buffer begin = request.give(delimiter.length()).copy(); // a slice would keep the memory of a bite
        return line().compose(line -> {
            if (line.kind() == DelimiterLine.Kind.CONTENT) {
                return Future.succeededFuture(Optional.of(begin));
            }
            return opensOtherwise(line)
                    ? Future.failedFuture(missing())
                    : finish(line).map(Optional::of);
        });
    }

    /** Where two kinds of line ends are mixed, nobody can say which bytes are the file's. */
    private boolean opensOtherwise(DelimiterLine line) {
        return line.kind() == DelimiterLine.Kind.OPENS && !line.lineEnd().equals(lineEnd);
    }

    /** The line whose delimiter was taken. */
    private Future<DelimiterLine> line() {
        return request.lookUntil(() -> DelimiterLine.of(request.ahead(), false).kind() != DelimiterLine.Kind.CUT)
                .map(whole -> DelimiterLine.of(request.ahead(), !whole));
    }

    /** What of a chunk is certainly the file's is given as it is. */
    private Optional<Buffer> fileBytes(Buffer chunk) {
        if (ByteSource.isEnd(chunk)) {
            throw missing();
        }
        Buffer given = request.putBack(chunk, readyBytes(chunk));
        if (given.length() > 0) {
            return Optional.of(given);
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
    private Future<Buffer> finish(DelimiterLine line) {
        long most = request.passed() + Body.SLACK_BYTES + delimiter.length();
        BooleanSupplier tooMuch = () -> request.taken() > most;
        return closing(line, tooMuch).compose(v -> request.dropUntil(tooMuch)).compose(more -> {
            if (more) {
                return Future.failedFuture(
                        new Failure.BadInput("At most 64 KiB may follow the file in its form; send the file last"));
            }
            fileEnded = true;
            return Future.succeededFuture(END);
        });
    }

    /** Done behind the closing delimiter, which the line is or one behind it; or where too much came. */
    private Future<Void> closing(DelimiterLine line, BooleanSupplier tooMuch) {
        if (line.kind() == DelimiterLine.Kind.CLOSES) {
            return Future.succeededFuture();
        }
        return Steps.whileMore(() -> request.dropUntil(delimiter, tooMuch).compose(found -> {
            if (tooMuch.getAsBoolean()) {
                return Future.succeededFuture(false);
            }
            return found
                    ? nextLine().map(next -> next.kind() != DelimiterLine.Kind.CLOSES)
                    : Future.failedFuture(missing());
        }));
    }

    /** The line of the delimiter that was found, which is dropped. */
    private Future<DelimiterLine> nextLine() {
        request.drop(delimiter.indexIn(request.ahead()) + delimiter.length());
        return line();
    }

    /** To the end of the next line that begins as a delimiter; true when it was none, and the next one counts. */
    private Future<Boolean> skipToDelimiter() {
        return request.dropUntil(delimiter, () -> false)
                .compose(found -> found ? nextLine() : Future.failedFuture(missing()))
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
        request.drop(line.length());
        return line.kind() == DelimiterLine.Kind.OPENS && !opensOtherwise(line);
    }

    static Failure missing() {
        return new Failure.BadInput("File field missing");
    }

    @Override
    public void whenBroken(Consumer<Throwable> told) {
        request.whenBroken(told);
    }

    @Override
    public void cancel() {
        request.cancel();
    }
}
