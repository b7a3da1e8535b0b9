package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteSource;

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

    /** Bytes taken from the request and not yet given; begins at a part's content while searching a delimiter. */
    private Buffer carry = Buffer.buffer("\r\n");

    private long taken;
    private int parts;
    private boolean fileEnded;

    /** A reader of the request's bytes. */
    public FormReader(ByteSource request, String boundary) {
        this.request = request;
        this.delimiter = new BoundarySearch(("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
        this.closingBytes = FileForm.closingBytes(boundary);
    }

    /**
     * The filename of the file part; afterwards this source gives the part's bytes. Fails with {@code BadInput} and the
     * original's text when the form ends without such a part.
     */
    public Future<String> file() {
        return skipToDelimiter().compose(v -> afterDelimiter()).compose(closing -> {
            if (closing || ++parts > PARTS_MAX) {
                return Future.failedFuture(missing());
            }
            return headers()
                    .compose(headers -> headers.name().equals("file")
                                    && headers.filename()
                                            .filter(Predicate.not(String::isEmpty))
                                            .isPresent()
                            ? Future.succeededFuture(headers.filename().orElseThrow())
                            : file());
        });
    }

    /** The most bytes that the file can have, from the request's length; unknown for an unknown length. */
    public long lengthMaxBytes(long requestBytes) {
        return requestBytes < 0 ? Body.UNKNOWN : requestBytes - taken + carry.length() - closingBytes;
    }

    @Override
    public Future<Buffer> next() {
        if (fileEnded) {
            return Future.succeededFuture(END);
        }
        int found = delimiter.indexIn(carry);
        if (found == 0) {
            carry = carry.slice(delimiter.length(), carry.length());
            return finish();
        }
        int ready = found > 0 ? found : carry.length() - delimiter.partialAtEnd(carry);
        if (ready > 0) {
            Buffer given = carry.slice(0, ready);
            carry = carry.slice(ready, carry.length());
            return Future.succeededFuture(given);
        }
        return more(Failure.BadInput::new).compose(v -> next());
    }

    /** Reads what follows the file: further parts are dropped, the closing boundary and the request's end are demanded. */
    private Future<Buffer> finish() {
        return rest(Body.SLACK_BYTES + delimiter.length()).compose(all -> {
            Buffer tail = all;
            boolean closed = tail.length() >= 2 && tail.getByte(0) == '-' && tail.getByte(1) == '-';
            while (!closed) {
                int next = delimiter.indexIn(tail);
                if (next < 0) {
                    return Future.failedFuture(missing());
                }
                tail = tail.slice(next + delimiter.length(), tail.length());
                closed = tail.length() >= 2 && tail.getByte(0) == '-' && tail.getByte(1) == '-';
            }
            fileEnded = true;
            return Future.succeededFuture(END);
        });
    }

    private Future<Buffer> rest(int limit) {
        if (carry.length() > limit) {
            return Future.failedFuture(
                    new Failure.BadInput("At most 64 KiB may follow the file in its form; send the file last"));
        }
        return request.next().compose(chunk -> {
            if (ByteSource.isEnd(chunk)) {
                return Future.succeededFuture(carry);
            }
            append(chunk);
            return rest(limit);
        });
    }

    private Future<Void> skipToDelimiter() {
        Promise<Void> found = Promise.promise();
        skip(found);
        return found.future();
    }

    private void skip(Promise<Void> promise) {
        int found = delimiter.indexIn(carry);
        if (found >= 0) {
            carry = carry.slice(found + delimiter.length(), carry.length());
            promise.complete();
            return;
        }
        carry = carry.slice(carry.length() - delimiter.partialAtEnd(carry), carry.length());
        more(text -> missing()).onSuccess(v -> skip(promise)).onFailure(promise::fail);
    }

    private Future<Boolean> afterDelimiter() {
        if (carry.length() < 2) {
            return more(text -> missing()).compose(v -> afterDelimiter());
        }
        boolean closing = carry.getByte(0) == '-' && carry.getByte(1) == '-';
        if (!closing && (carry.getByte(0) != '\r' || carry.getByte(1) != '\n')) {
            return Future.failedFuture(missing());
        }
        return Future.succeededFuture(closing);
    }

    private Future<PartHeaders> headers() {
        int end = headersEnd.indexIn(carry);
        if (end >= 0) {
            String block = carry.getString(0, end, "UTF-8");
            carry = carry.slice(end + HEADERS_END.length(), carry.length());
            return Future.succeededFuture(PartHeaders.parse(block));
        }
        if (carry.length() > HEADER_BYTES_MAX) {
            return Future.failedFuture(new Failure.BadInput("A part of the form has headers of more than 16 KiB"));
        }
        return more(text -> missing()).compose(v -> headers());
    }

    private interface Truncated {
        Failure as(String message);
    }

    private Future<Void> more(Truncated truncated) {
        return request.next().compose(chunk -> {
            if (ByteSource.isEnd(chunk)) {
                return Future.failedFuture(truncated.as("File field missing"));
            }
            append(chunk);
            return Future.succeededFuture();
        });
    }

    private void append(Buffer chunk) {
        taken += chunk.length();
        carry = carry.length() == 0
                ? chunk
                : Buffer.buffer(carry.length() + chunk.length())
                        .appendBuffer(carry)
                        .appendBuffer(chunk);
    }

    private static Failure missing() {
        return new Failure.BadInput("File field missing");
    }

    @Override
    public void cancel() {
        carry = END;
        request.cancel();
    }
}
