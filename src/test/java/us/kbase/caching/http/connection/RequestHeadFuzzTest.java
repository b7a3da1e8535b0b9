package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;
import us.kbase.caching.testing.JobClient;

/**
 * Bytes of a connection as requests, decoded by what a connection decodes them with: every cut of them gives the same requests, and at
 * most one refusal, behind which nothing is taken for a request. What was paid for and what was read comes back.
 */
class RequestHeadFuzzTest {

    private static final long BUDGET_BYTES = 1 << 20;

    static final Corpus REQUESTS = Corpus.of(
            List.of(
                    "GET /v1/cache/abc HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                            + "\r\nRange: bytes=0-99\r\n\r\n",
                    "POST /v1/cache_id HTTP/1.1\r\nHost: localhost:5000\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 8\r\n\r\n{\"a\": 1}",
                    "POST /v1/cache/abc HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n5\r\n--b--\r\n2;x=\"y\"\r\n\r\n\r\n0\r\nA: b\r\n\r\n",
                    "PUT /v1/cache/abc?filename=f HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 3\r\nIf-Match: \"x\"\r\n\r\nabc",
                    "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.0\r\n\r\nHEAD /v1 HTTP/1.1\r\nHost: x\r\n\r\n",
                    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                    "DELETE /cache/v1/cache/abc HTTP/1.1\r\nhost:x\r\nConnection: close\r\nX: a\r\n b\r\n\r\n"),
            List.of(
                    "\r\n",
                    "\n",
                    "\r",
                    " ",
                    "\t",
                    ":",
                    ": ",
                    ",",
                    "\0",
                    "\u00ff",
                    "HTTP/1.1",
                    "HTTP/1.0",
                    "HTTP/2.0",
                    "GET ",
                    "POST ",
                    "Host: y\r\n",
                    "Content-Length: 3\r\n",
                    "Content-Length: +3\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Transfer-Encoding:\r\n chunked\r\n",
                    "Transfer-Encoding: gzip\r\n",
                    "Connection: close\r\n",
                    "Expect: 100-continue\r\n",
                    "\r\n\r\n",
                    "0\r\n\r\n",
                    "ffffffffff\r\n",
                    "5;",
                    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "A: b\r\n"));

    /** A connection as far as its requests: each is answered, sooner or later, and then the next one begins. */
    private static final class Connection implements RequestDecoder.Exchange {
        private final Budget heads = Budget.of("heads", BUDGET_BYTES);
        private final OpenHead head = new OpenHead(heads, () -> false);
        private final RequestDecoder decoder = new RequestDecoder(new HttpServerOptions(), head, this);
        private final List<String> requests = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private final List<ByteBuf> read = new ArrayList<>();
        private final EmbeddedChannel channel;
        private boolean underWay;
        private boolean bodyOpen;
        private boolean refused;

        Connection() {
            channel = new EmbeddedChannel(decoder, new Framing(), new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    heard((HttpObject) message);
                    ReferenceCountUtil.release(message);
                }
            });
        }

        private void heard(HttpObject message) {
            if (refused) {
                return;
            }
            if (message.decoderResult().isFailure()) {
                refused = true;
                bodyOpen = false;
                requests.add("refused, " + body + ": " + message.decoderResult().cause());
                return;
            }
            if (message instanceof HttpRequest request) {
                requests.add(request.method() + " " + request.uri() + " " + request.protocolVersion() + " "
                        + request.headers().entries());
                bodyOpen = true;
            }
            if (message instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (message instanceof LastHttpContent last) {
                requests.add("body: " + body + " " + last.trailingHeaders().entries());
                body.setLength(0);
                bodyOpen = false;
                channel.eventLoop().execute(this::reply);
            }
        }

        /** The reply leaves. */
        private void reply() {
            head.giveBack();
            underWay = false;
            if (decoder.waits()) {
                decoder.resume(channel);
            }
        }

        void take(List<Buffer> pieces) {
            for (Buffer piece : pieces) {
                ByteBuf bytes = Unpooled.directBuffer().writeBytes(piece.getBytes());
                read.add(bytes);
                channel.writeInbound(bytes);
                channel.runPendingTasks();
            }
        }

        List<String> end() {
            if (bodyOpen) {
                requests.add("body, unfinished: " + body);
            }
            bodyOpen = false;
            refused = true;
            channel.finishAndReleaseAll();
            head.giveBack();
            assertEquals(0, heads.usedBytes(), "heads that are paid for");
            read.forEach(bytes -> assertEquals(0, bytes.refCnt(), "owners of what was read"));
            return requests;
        }

        @Override
        public boolean mayBegin() {
            return !underWay && !bodyOpen && !refused;
        }

        @Override
        public void began() {
            underWay = true;
        }

        @Override
        public void headIsOpen() {}

        @Override
        public void keeps(int lineBytes) {}

        @Override
        public void holds(int bytes) {}

        @Override
        public boolean drops(int bytes) {
            return false;
        }
    }

    private static List<String> requests(List<Buffer> pieces) {
        Connection connection = new Connection();
        connection.take(pieces);
        return connection.end();
    }

    @Test
    void everyCutOfAConnectionGivesTheSameRequests() {
        Fuzz.holds(6_000, random -> same(REQUESTS.mutant(random), random));
    }

    private static void same(byte[] bytes, Random random) {
        List<String> whole = requests(List.of(Buffer.buffer(bytes)));
        assertEquals(whole, requests(Corpus.cut(bytes, random)));
        long refusals = whole.stream().filter(one -> one.startsWith("refused")).count();
        assertTrue(refusals == 0 || refusals == 1 && whole.getLast().startsWith("refused"), whole::toString);
    }
}
