package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.LongPredicate;
import us.kbase.caching.failure.Failure;

/** Reads the headers of a form's parts, which are held until their end is seen. One event loop. */
final class HeaderReader {

    private static final int BYTES_MAX = 16 * 1024;
    /** What the headers of one part may take before more is paid for. */
    private static final int BYTES_USUAL = 4 * 1024;
    /** What longer ones take, with the room in which they grow. */
    private static final int LONG_ONES_BYTES = 32 * 1024;

    private final RequestBytes request;
    private final LongPredicate payment;
    private int searched;
    private boolean paid;

    /**
     * A reader of all headers of one form.
     *
     * @param payment takes so many bytes more of the heap, and says whether there was room
     */
    HeaderReader(RequestBytes request, LongPredicate payment) {
        this.request = request;
        this.payment = payment;
    }

    /** Those that come next, behind a line that ended so. Takes their last line's end, and leaves the empty line. */
    Future<PartHeaders> read(String lineEnd) {
        searched = 0;
        int most = BYTES_MAX + "\n\r\n".length(); // however the bytes are cut, an end in time is seen
        return lookForEnd(BYTES_USUAL)
                .compose(enough -> {
                    pay(enough);
                    return lookForEnd(most);
                })
                .map(enough -> taken(enough, lineEnd));
    }

    private Future<Boolean> lookForEnd(int bytesMax) {
        return request.lookUntil(() -> end() >= 0 || request.ahead().length() >= bytesMax);
    }

    private void pay(boolean more) {
        if (more && end() < 0 && !paid) {
            paid = payment.test(LONG_ONES_BYTES);
            if (!paid) {
                throw new Failure.Busy(
                        "The gateway has no memory for the long headers of this form now; try again later");
            }
        }
    }

    private PartHeaders taken(boolean enough, String lineEnd) {
        int end = end();
        if (!enough) {
            throw FormReader.missing();
        }
        if (end < 0 || end > BYTES_MAX) {
            throw new Failure.BadInput("A part of the form has headers of more than 16 KiB");
        }
        PartHeaders headers = PartHeaders.parse(request.ahead().getBytes(Math.min(lineEnd.length(), end), end));
        request.drop(end + 1);
        if (request.ahead().getByte(0) != lineEnd.charAt(0)) {
            throw FormReader.missing();
        }
        return headers;
    }

    private int end() {
        Buffer ahead = request.ahead();
        int end = PartHeaders.end(ahead, searched);
        searched = end < 0 ? Math.max(0, ahead.length() - 2) : end;
        return end;
    }
}
