package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import software.amazon.awssdk.http.SdkHttpMethod;
import us.kbase.caching.testing.Loop;

/** The rules of reactive streams for the two publishers that the SDK meets, by the standard's own test kit. */
class ReactiveStreamsTest {

    @ParameterizedTest
    @ValueSource(classes = ResponseBody.class)
    void everyRuleThatTheKitTestsHolds(Class<?> verification) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG kit = new TestNG(false);
        kit.setTestClasses(new Class<?>[] {verification});
        kit.addListener(results);
        kit.setVerbose(0);
        kit.run();

        List<String> failed = new ArrayList<>();
        for (ITestResult result : results.getFailedTests()) {
            failed.add(result.getName() + ": " + result.getThrowable());
        }
        System.out.println(
                verification.getSimpleName() + ": " + results.getPassedTests().size() + " rules hold, "
                        + results.getSkippedTests().size() + " are optional and left out");
        assertEquals(List.of(), failed);
        assertTrue(results.getPassedTests().size() > 20, "the kit did not run");
    }

    /** Ours are used on an event loop only; the kit calls from threads of its own. */
    private record OnLoop(Context loop, Publisher<ByteBuffer> publisher) implements Publisher<ByteBuffer> {
        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            if (subscriber == null) {
                publisher.subscribe(null);
                return;
            }
            here(() -> publisher.subscribe(new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            here(() -> subscription.request(n));
                        }

                        @Override
                        public void cancel() {
                            here(subscription::cancel);
                        }
                    });
                }

                @Override
                public void onNext(ByteBuffer bytes) {
                    subscriber.onNext(bytes);
                }

                @Override
                public void onError(Throwable cause) {
                    subscriber.onError(cause);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            }));
        }

        private void here(Runnable action) {
            if (((ContextInternal) loop).inThread()) {
                action.run();
            } else {
                loop.runOnContext(v -> action.run());
            }
        }
    }

    /** What the transport gives the SDK: one element per chunk that the server sends. */
    public static final class ResponseBody extends PublisherVerification<ByteBuffer> {
        private Vertx vertx;
        private Loop loop;
        private Context context;
        private int port;
        private VertxSdkHttpClient client;

        public ResponseBody() {
            super(new TestEnvironment(500, 100));
        }

        @BeforeClass
        public void open() {
            vertx = Vertx.vertx();
            loop = new Loop(vertx);
            client = loop.call(() -> {
                context = Vertx.currentContext();
                return Future.succeededFuture(
                        new VertxSdkHttpClient(Roads.calls(vertx, 200), new CallTimeouts(20_000, 20_000, 20_000)));
            });
            port = Loop.await(vertx.createHttpServer()
                            .requestHandler(request -> {
                                request.response().setChunked(true);
                                for (int i = Integer.parseInt(request.getHeader("Elements")); i > 0; i--) {
                                    request.response().write("x");
                                }
                                request.response().end();
                            })
                            .listen(0, "127.0.0.1"))
                    .actualPort();
        }

        @AfterClass
        public void close() {
            Loop.await(vertx.close());
        }

        @Override
        public Publisher<ByteBuffer> createPublisher(long elements) {
            SdkCall call = new SdkCall(SdkHttpMethod.GET, port)
                    .header("Elements", Long.toString(elements))
                    .notReading();
            call.on(client).whenComplete((v, cause) -> {});
            try {
                return new OnLoop(context, call.stream.get(20, TimeUnit.SECONDS));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long maxElementsFromPublisher() {
            return 5_000;
        }

        @Override
        public Publisher<ByteBuffer> createFailedPublisher() {
            return null; // it fails only when the server does
        }

        @Override
        public boolean skipStochasticTests() {
            return true;
        }
    }
}
