package us.kbase.caching.http.connection;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/**
 * Why a request is refused before it is routed: what its head says is ambiguous, too much, or not known here. The reply closes the
 * connection, since where the next request would begin is not known, or not worth waiting for. Any thread.
 */
public final class HeadRefusal extends IllegalArgumentException {

    private static final int RETRY_SECONDS = 5;

    private static final HeadRefusal HEADERS =
            new HeadRefusal(431, "More than " + OpenHead.HEADERS_MAX + " headers, or trailers, in one request");
    private static final HeadRefusal HEAD_BYTES =
            new HeadRefusal(431, "The headers exceed " + OpenHead.BYTES_MAX / 1024 + " KiB");
    private static final HeadRefusal URI =
            new HeadRefusal(414, "The request line exceeds " + OpenHead.LINE_BYTES_MAX + " bytes");
    private static final HeadRefusal MALFORMED = new HeadRefusal(400, "Malformed request");
    private static final HeadRefusal NO_ROOM =
            new HeadRefusal(503, "The gateway has no memory for this now; try again later");

    /** The decoder refuses these itself, and says so in its message alone. */
    private static final String TWO_LENGTHS = "Multiple Content-Length";

    private final int status;

    private HeadRefusal(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** Refused in a flood: its stack would cost more than the request. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** RFC 6585 section 5. */
    static HeadRefusal tooManyHeaders() {
        return HEADERS;
    }

    /** No memory for another head. */
    public static HeadRefusal noRoom() {
        return NO_ROOM;
    }

    /** Two readers could understand the request differently. */
    static HeadRefusal ambiguous(String sentence) {
        return new HeadRefusal(400, sentence);
    }

    /** A header that may stand there once (RFC 9110 section 5.3). */
    static HeadRefusal repeated(CharSequence header) {
        return new HeadRefusal(400, "The header stands there twice: " + header);
    }

    /** RFC 9110 section 15.6.2. The method is the client's text, so it is not shown. */
    static HeadRefusal unknownMethod() {
        return new HeadRefusal(501, "Methods known here: GET, HEAD, POST, PUT, DELETE, OPTIONS");
    }

    /** RFC 9110 section 15.6.6. */
    static HeadRefusal unknownVersion() {
        return new HeadRefusal(505, "Versions of HTTP known here: 1.1 and 1.0");
    }

    /** RFC 9110 section 10.1.1. */
    static HeadRefusal unknownExpectation() {
        return new HeadRefusal(417, "The only expectation known here: 100-continue");
    }

    private static HeadRefusal of(Throwable cause) {
        return switch (cause) {
            case HeadRefusal refusal -> refusal;
            case TooLongHttpLineException line -> URI;
            case TooLongHttpHeaderException head -> HEAD_BYTES;
            default ->
                String.valueOf(cause.getMessage()).startsWith(TWO_LENGTHS)
                        ? repeated(HttpHeaderNames.CONTENT_LENGTH)
                        : MALFORMED;
        };
    }

    /** Answers a request that could not be decoded, or was not accepted. Event loop only. */
    public static void answer(HttpServerRequest request) {
        HeadRefusal refusal = of(request.decoderResult().cause());
        if (refusal.status == NO_ROOM.status) {
            request.response().putHeader("Retry-After", Integer.toString(RETRY_SECONDS));
        }
        JsonReply.send(
                request.response(),
                refusal.status,
                Map.of("error", String.valueOf(refusal.getMessage()), "status", "error"));
    }
}
