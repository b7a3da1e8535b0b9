package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/**
 * Reads a form up to its first part named {@code file} that has a filename, and is then that part's bytes. The end of the
 * bytes is given only after the closing boundary and the end of the request were seen; every other course fails, so that
 * nothing cut short can be published. One event loop.
 */
public final class FormReader implements ByteSource {

    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int PARTS_MAX = 256;
    private static final Buffer HEADERS_END = Buffer.buffer("\r\n\r\n");

    private final ByteSource request;
    private final BoundarySearch delimiter;
    private final BoundarySearch headersEnd = new BoundarySearch(HEADERS_END.getBytes());
    private final int closingBytes;

    /**
     * Bytes taken from the request and not yet given; begins at a part's content while searching a delimiter. Always on the
     * heap: the memory of a chunk goes on with its file's bytes.
     */
    private Buffer carry = Buffer.buffer("\r\n");

    private long taken;
    private int parts;
    private int headersSearched;
    private boolean fileEnded;
    private ClaimedDigests claimed = ClaimedDigests.NONE;

    /** A reader of the request's bytes. */
    public FormReader(ByteSource request, String boundary) {
        this.request = request;
        this.delimiter = new BoundarySearch(("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
        this.closingBytes = FileForm.closingBytes(boundary);
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
        return skipToDelimiter()
                .compose(v -> takeUntil(() -> carry.length() >= 2, this::keep))
                .compose(enough -> enough && carryBegins("\r\n") && ++parts <= PARTS_MAX
                        ? headers()
                        : Future.failedFuture(missing()))
                .map(headers -> headers.filename()
                        .filter(Predicate.not(String::isEmpty))
                        .filter(filename -> headers.name().equals("file"))
                        .map(filename -> {
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
        return requestBytes < 0 ? Body.UNKNOWN : Math.max(0, requestBytes - taken + carry.length() - closingBytes);
    }

    @Override
    public Future<Buffer> next() {
        return Steps.until(this::step);
    }

    /** What is given next; nothing when that needs another chunk. */
    private Future<Optional<Buffer>> step() {
        if (fileEnded) {
            return Future.succeededFuture(Optional.of(END));
        }
        if (delimiter.isAtBegin(carry)) {
            carry = carry.slice(delimiter.length(), carry.length());
            return finish().map(Optional::of);
        }
        int ready = readyBytes(carry);
        if (ready > 0) {
            Buffer given = carry.slice(0, ready);
            carry = carry.slice(ready, carry.length());
            return Future.succeededFuture(Optional.of(given));
        }
        return request.next()
                .compose(chunk -> ByteSource.isEnd(chunk)
                        ? Future.failedFuture(missing())
                        : Future.succeededFuture(fileBytes(chunk)));
    }

    /** What of a chunk is certainly the file's is given as it is. */
    private Optional<Buffer> fileBytes(Buffer chunk) {
        taken += chunk.length();
        int ready = carry.length() > 0 ? 0 : readyBytes(chunk);
        carry = joined(carry, chunk.slice(ready, chunk.length()));
        if (ready > 0) {
            return Optional.of(chunk.slice(0, ready));
        }
        Chunk.release(chunk);
        return Optional.empty();
    }

    /** How many bytes come before a delimiter, or what may be the beginning of one. */
    private int readyBytes(Buffer bytes) {
        int found = delimiter.indexIn(bytes);
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

    /** Whether the file's delimiter was one, and not bytes of the file, and the closing one is there. */
    private boolean closes() {
        boolean another = carryBegins("\r\n");
        boolean closed = carryBegins("--");
        while (another && !closed) {
            int next = delimiter.indexIn(carry);
            another = next >= 0;
            carry = another ? carry.slice(next + delimiter.length(), carry.length()) : END;
            closed = carryBegins("--");
        }
        return closed;
    }

    private Future<Void> skipToDelimiter() {
        return takeUntil(() -> delimiter.indexIn(carry) >= 0, this::keepOnlyWithBeginOfDelimiter)
                .compose(found -> {
                    int skipped = delimiter.indexIn(carry) + delimiter.length();
                    carry = found ? carry.slice(skipped, carry.length()) : END;
                    return found ? Future.succeededFuture() : Future.failedFuture(missing());
                });
    }

    private Future<PartHeaders> headers() {
        headersSearched = 0;
        int most = HEADER_BYTES_MAX + HEADERS_END.length(); // however the bytes are cut, an end in time is seen
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
                    String block = carry.getString(0, end, "UTF-8");
                    carry = carry.slice(end + HEADERS_END.length(), carry.length());
                    return Future.succeededFuture(PartHeaders.parse(block));
                });
    }

    private int headersEnd() {
        int end = headersEnd.indexIn(carry, headersSearched);
        if (end < 0) {
            headersSearched = Math.max(0, carry.length() - HEADERS_END.length() + 1);
        }
        return end;
    }

    /**
     * Takes chunks until it is enough; false when the request ended before. A loop and not a chain of futures, since a
     * client may send thousands of chunks of one byte.
     */
    private Future<Boolean> takeUntil(BooleanSupplier enough, Consumer<Buffer> take) {
        if (enough.getAsBoolean()) {
            return Future.succeededFuture(true);
        }
        carry = Buffer.buffer().appendBuffer(carry); // a slice cannot grow
        ByteSource wanted = new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return enough.getAsBoolean() ? Future.succeededFuture(END) : request.next();
            }

            @Override
            public void cancel() {
                request.cancel();
            }
        };
        return Pump.run(wanted, chunk -> {
                    taken += chunk.length();
                    take.accept(chunk);
                    Chunk.release(chunk);
                    return Future.succeededFuture();
                })
                .map(v -> enough.getAsBoolean());
    }

    private void keep(Buffer chunk) {
        carry.appendBuffer(chunk);
    }

    private void keepOnlyWithBeginOfDelimiter(Buffer chunk) {
        carry = joined(carry.slice(carry.length() - delimiter.partialAtEnd(carry), carry.length()), chunk);
    }

    private boolean carryBegins(String two) {
        return carry.length() >= 2 && carry.getByte(0) == two.charAt(0) && carry.getByte(1) == two.charAt(1);
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
