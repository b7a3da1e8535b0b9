package us.kbase.caching.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import us.kbase.caching.text.AsciiSet;

/**
 * Refuses requests whose end or host two readers could see differently, which the decoder lets pass: no host or two
 * (RFC 9112 section 3.2), a transfer encoding that is not just {@code chunked} or that was folded (sections 5.2 and 6.1), a
 * length that is not just digits or stands there twice (section 6.3). Such a request becomes one that could not be decoded: it
 * is answered 400, the connection is closed, and nothing that follows on it is taken for a request. One per connection, on its
 * event loop.
 */
final class Framing extends ChannelInboundHandlerAdapter {

    private static final AsciiSet HOST_NAME = AsciiSet.ALPHANUMERIC.with("._~!$&'()*+,;=%-");
    private static final AsciiSet IP_LITERAL = AsciiSet.LOWER_HEX.with("ABCDEFv:.");
    private static final int PORT_DIGITS_MAX = 5;
    private static final int LENGTH_DIGITS_MAX = 18;

    /** A name has at least one character (section 5.1); some readers would skip such a line, others what follows. */
    private static final String NAMELESS = "";

    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess() && !isPlain(request)) {
            refused = true;
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("ambiguous framing or host")));
        }
        context.fireChannelRead(message);
    }

    private static boolean isPlain(HttpRequest request) {
        return hasOneHost(request)
                && hasPlainEncoding(request)
                && hasPlainLength(request.headers())
                && !request.headers().contains(NAMELESS);
    }

    private static boolean hasOneHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean mayLack = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        return hosts.isEmpty() ? mayLack : hosts.size() == 1 && isHost(hosts.get(0));
    }

    /** An authority without user (RFC 3986 section 3.2); empty where the target has none (RFC 9110 section 7.2). */
    static boolean isHost(String host) {
        int port = host.startsWith("[") ? endOfLiteral(host) : HOST_NAME.end(host, 0);
        return port == host.length()
                || port >= 0
                        && host.charAt(port) == ':'
                        && AsciiSet.DIGITS.spells(host.subSequence(port + 1, host.length()), 0, PORT_DIGITS_MAX);
    }

    private static int endOfLiteral(String host) {
        int end = IP_LITERAL.end(host, 1);
        return end > 1 && host.startsWith("]", end) ? end + 1 : -1;
    }

    /** The decoder joins a folded value with a space, so that it never equals the word. */
    private static boolean hasPlainEncoding(HttpRequest request) {
        List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return encodings.isEmpty()
                || encodings.size() == 1
                        && encodings.get(0).equalsIgnoreCase("chunked")
                        && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    }

    private static boolean hasPlainLength(HttpHeaders headers) {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        return lengths.isEmpty() || lengths.size() == 1 && AsciiSet.DIGITS.spells(lengths.get(0), 1, LENGTH_DIGITS_MAX);
    }
}
