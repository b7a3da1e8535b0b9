package us.kbase.caching.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

/** Names while the name server answers, is silent, or is wrong. */
class NamesTest {

    private static final Names.Times OLD_AT_ONCE = new Names.Times(Duration.ZERO, Duration.ZERO);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final CountDownLatch end = new CountDownLatch(1);

    /** Held to the end, since Vert.x closes a client that nobody holds, also in the middle of a request. */
    private HttpClient client;

    @AfterEach
    void stop() {
        end.countDown();
        Await.result(vertx.close());
    }

    private List<InetAddress> silent() throws UnknownHostException {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("silent");
    }

    private static List<InetAddress> at(String... addresses) throws UnknownHostException {
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
        }
        return List.of(found);
    }

    private int serve() {
        return Await.result(vertx.createHttpServer()
                        .requestHandler(request -> request.response().end(request.getHeader("Host")))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    /** The body is asked for where the reply comes, on the event loop: from here it may have gone by unheard. */
    private String get(String host, int port) {
        return Await.result(client.request(HttpMethod.GET, port, host, "/")
                .compose(request -> request.send().compose(reply -> reply.body()))
                .map(body -> body.toString()));
    }

    @Test
    void aSilentNameServerDoesNotStopTheEventLoop() {
        Names names = new Names(vertx, host -> silent(), Names.Times.USUAL);
        client = names.usedBy(vertx.httpClientBuilder(), "store.example").build();
        Loop loop = new Loop(vertx);
        var asked = loop.start(() -> client.request(HttpMethod.GET, 1, "store.example", "/"));
        for (int i = 0; i < 100; i++) {
            assertEquals("alive", loop.call(() -> io.vertx.core.Future.succeededFuture("alive")));
        }
        assertTrue(!asked.isComplete());
    }

    @Test
    void aNameThatWasKnownGoesOnWorkingWhileTheNameServerIsSilent() {
        AtomicInteger lookups = new AtomicInteger();
        Names names =
                new Names(vertx, host -> lookups.incrementAndGet() == 1 ? at("127.0.0.1") : silent(), OLD_AT_ONCE);
        client = names.usedBy(vertx.httpClientBuilder(), "store.example").build();
        int port = serve();
        for (int i = 0; i < 20; i++) {
            assertEquals("store.example:" + port, get("store.example", port));
        }
        Await.until("the second look-up", () -> lookups.get() == 2);
    }

    @Test
    void theNextAddressServesWhenNothingListensAtTheFirst() {
        Names names = new Names(vertx, host -> at("127.0.0.2", "127.0.0.1"), Names.Times.USUAL);
        client = names.usedBy(vertx.httpClientBuilder(), "store.example").build();
        int port = serve();
        Await.failure(java.io.IOException.class, client.request(HttpMethod.GET, port, "store.example", "/"));
        assertEquals("store.example:" + port, get("store.example", port));
    }

    @Test
    void aNameThatIsUnknownIsAFailureAndAskedForAgain() {
        AtomicInteger lookups = new AtomicInteger();
        Names names = new Names(
                vertx,
                host -> {
                    if (lookups.incrementAndGet() == 1) {
                        throw new UnknownHostException(host);
                    }
                    return at("127.0.0.1");
                },
                OLD_AT_ONCE);
        Await.failure(UnknownHostException.class, names.addresses("store.example"));
        assertEquals(1, Await.result(names.addresses("store.example")).size());
    }

    @Test
    void anAddressIsLookedUpByNobody() {
        Names names = new Names(vertx, host -> silent(), Names.Times.USUAL);
        client = names.usedBy(vertx.httpClientBuilder(), "127.0.0.1").build();
        int port = serve();
        assertEquals("127.0.0.1:" + port, get("127.0.0.1", port));
    }

    /** The worker that looked it up may be done at any moment, also before who asked listens. */
    @Test
    void aNameIsKnownWhenItsFirstAnswerIsTold() throws UnknownHostException {
        List<InetAddress> found = at("127.0.0.7");
        List<InetAddress> known = new Loop(vertx).call(() -> {
            Promise<List<InetAddress>> lookUp = ((ContextInternal) vertx.getOrCreateContext()).promise();
            Name name = new Name(Names.Times.USUAL, lookUp::future);
            Future<List<InetAddress>> answer = name.addresses();
            CompletableFuture.runAsync(() -> lookUp.complete(found)).join();
            return answer.map(told -> name.known());
        });
        assertEquals(found, known);
    }
}
