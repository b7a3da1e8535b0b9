package us.kbase.caching.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.text.AsciiSet;

/**
 * Refuses ambiguous requests that the decoder lets pass: two readers could disagree on where such a request ends, which host it
 * names, or what it means. These have no host or two (RFC 9112 section 3.2), a URL of something else as their target, a transfer encoding that is not just {@code chunked} or
 * that was folded (sections 5.2 and 6.1), a length that is not just digits (section 6.3), or a header twice that may stand there
 * once. Methods, versions and expectations that nothing here knows are refused too. Such a request becomes one that could not be
 * decoded: it is answered ({@link HeadRefusal}), the connection is closed, and nothing that follows on it is taken for a request. One
 * per connection, on its event loop.
 */
public final class Framing extends ChannelInboundHandlerAdapter {

    private static final AsciiSet HOST_NAME = AsciiSet.ALPHANUMERIC.with("._~!$&'()*+,;=%-");
    private static final AsciiSet IP_LITERAL = AsciiSet.LOWER_HEX.with("ABCDEFv:.");
    private static final int PORT_DIGITS_MAX = 5;
    private static final int LENGTH_DIGITS_MAX = 18;

    /** A name has at least one character (section 5.1); some readers would skip such a line, others what follows. */
    private static final String NAMELESS = "";

    /** Those that may be allowed on some path, or not: any other is not known here at all (RFC 9110 section 9.1). */
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS,
            HttpMethod.PATCH,
            HttpMethod.TRACE);

    /** Of two values one would be taken here, and the other by who looks at the request before. */
    private static final List<AsciiString> ONCE = List.of(
            HttpHeaderNames.HOST,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_DISPOSITION,
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.RANGE,
            HttpHeaderNames.IF_RANGE,
            HttpHeaderNames.EXPECT,
            AsciiString.cached("Cache-Lease"),
            AsciiString.cached("Cache-Expires-Days"),
            AsciiString.cached("Cache-Compute-Seconds"),
            AsciiString.cached("X-Request-Id"));

    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            check(request);
        }
        context.fireChannelRead(message);
    }

    private void check(HttpRequest request) {
        if (request.decoderResult().isSuccess()) {
            refusal(request).ifPresent(refusal -> {
                refused = true;
                request.setDecoderResult(DecoderResult.failure(refusal));
            });
        }
        if (!isKnown(request.protocolVersion())) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1); // the reply repeats it
        }
        persistence(request);
    }

    /** Vert.x takes the header's whole value for one word, and it is a list (RFC 9110 section 7.6.1). */
    private static void persistence(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            headers.set(
                    HttpHeaderNames.CONNECTION,
                    HttpUtil.isKeepAlive(request) ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        }
    }

    private static Optional<HeadRefusal> refusal(HttpRequest request) {
        AsciiString repeated = repeated(request.headers());
        return repeated != null
                ? Optional.of(HeadRefusal.repeated(repeated))
                : ambiguity(request).or(() -> unknown(request));
    }

    private static Optional<HeadRefusal> unknown(HttpRequest request) {
        if (!isKnown(request.protocolVersion())) {
            return Optional.of(HeadRefusal.unknownVersion());
        }
        if (!METHODS.contains(request.method())) {
            return Optional.of(HeadRefusal.unknownMethod());
        }
        return isExpected(request) ? Optional.empty() : Optional.of(HeadRefusal.unknownExpectation());
    }

    /** Spelled as RFC 9112 section 2.3 has it: the decoder gives its own constants then, and equal ones for {@code http/1.1}. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isKnown(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
    }

    private static boolean isExpected(HttpRequest request) {
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        return expectation == null || HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation);
    }

    private static @Nullable AsciiString repeated(HttpHeaders headers) {
        int seen = 0;
        for (Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence(); all.hasNext(); ) {
            int place = placeOf(all.next().getKey());
            if (place >= 0 && (seen & 1 << place) != 0) {
                return ONCE.get(place);
            }
            seen |= place < 0 ? 0 : 1 << place;
        }
        return null;
    }

    private static int placeOf(CharSequence name) {
        for (int i = 0; i < ONCE.size(); i++) {
            if (ONCE.get(i).length() == name.length() && ONCE.get(i).contentEqualsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<HeadRefusal> ambiguity(HttpRequest request) {
        if (!hasOneHost(request)) {
            return Optional.of(HeadRefusal.ambiguous("The Host header is missing or is no host"));
        }
        if (!hasPlainTarget(request.uri())) {
            return Optional.of(HeadRefusal.ambiguous("The request's target is no path, and no http URL with a host"));
        }
        if (!hasPlainEncoding(request)) {
            return Optional.of(
                    HeadRefusal.ambiguous("The only Transfer-Encoding known here is chunked, without Content-Length"));
        }
        if (!hasPlainLength(request.headers())) {
            return Optional.of(HeadRefusal.ambiguous("The Content-Length is no number"));
        }
        return request.headers().contains(NAMELESS)
                ? Optional.of(HeadRefusal.ambiguous("A header has no name"))
                : Optional.empty();
    }

    private static boolean hasOneHost(HttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        return host == null ? request.protocolVersion().equals(HttpVersion.HTTP_1_0) : isHost(host);
    }

    /** An authority without user (RFC 3986 section 3.2); empty where the target has none (RFC 9110 section 7.2). */
    public static boolean isHost(String host) {
        int port = host.startsWith("[") ? endOfLiteral(host) : HOST_NAME.end(host, 0);
        return port == host.length()
                || port >= 0
                        && host.charAt(port) == ':'
                        && AsciiSet.DIGITS.spells(host.subSequence(port + 1, host.length()), 0, PORT_DIGITS_MAX);
    }

    /** A URL without host is invalid (RFC 9110 section 4.2.1), and a user in it an error (section 4.2.4). */
    private static boolean hasPlainTarget(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return true;
        }
        String name = target.substring(0, scheme);
        int from = scheme + "://".length();
        int end = from;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return (name.equalsIgnoreCase("http") || name.equalsIgnoreCase("https"))
                && end > from
                && isHost(target.substring(from, end));
    }

    private static int endOfLiteral(String host) {
        int end = IP_LITERAL.end(host, 1);
        return end > 1 && host.startsWith("]", end) ? end + 1 : -1;
    }

    /** The decoder joins a folded value with a space, so that it never equals the word. */
    private static boolean hasPlainEncoding(HttpRequest request) {
        String encoding = request.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
        return encoding == null
                || encoding.equalsIgnoreCase("chunked")
                        && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    private static boolean hasPlainLength(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || AsciiSet.DIGITS.spells(length, 1, LENGTH_DIGITS_MAX);
    }
}
