package us.kbase.caching.http.connection;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/** Tracks what a request's head announces about its body, and how much of that has arrived. One per connection, on its event loop. */
final class BodyState {

    /** The longest body that is dropped to keep a connection. */
    private static final int DROPPED_BYTES_MAX = 64 * 1024;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private long lengthBytes;
    private boolean open;
    private boolean wanted;
    private boolean awaited;
    private long droppedBytes;

    /** Begins with a head; whether a body follows. */
    boolean begin(HttpRequest request) {
        lengthBytes = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                ? UNKNOWN
                : HttpUtil.getContentLength(request, 0L);
        wanted = false;
        open = true;
        awaited = lengthBytes > 0 && HttpUtil.is100ContinueExpected(request);
        return lengthBytes > 0;
    }

    /** A route asks for it. */
    void wanted() {
        wanted = true;
    }

    /** The client was told to send it. */
    void continued() {
        awaited = false;
    }

    /** All of it came. */
    void ended() {
        open = false;
    }

    /** Whether more of it may come. */
    boolean isOpen() {
        return open;
    }

    /** Whether more of it may come, and no route asked for it. */
    boolean isUnwanted() {
        return open && !wanted;
    }

    /** So many bytes more were dropped behind the last reply; whether that is enough. */
    boolean dropsTooMuch(int bytes) {
        droppedBytes += bytes;
        return droppedBytes > DROPPED_BYTES_MAX;
    }

    /**
     * Whether no next request can follow a final reply given now: nobody knows whether a client that was not told to continue
     * sends its body or not, or the body is too long to be dropped.
     */
    boolean endsConnection() {
        return awaited || open && !wanted && lengthBytes > DROPPED_BYTES_MAX;
    }
}
