package us.kbase.caching.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.OnBehalf;
import us.kbase.caching.stream.SocketSource;
import us.kbase.caching.testing.Await;

/** Who waits goes on on its own user's behalf, whoever ends the wait. */
class CallersContextTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** On whose behalf a user goes on once the wait has been ended by somebody else. */
    private <T> String afterWaiting(String user, Supplier<Future<T>> wait, Runnable ends) {
        Promise<String> seen = Promise.promise();
        Promise<Void> waits = Promise.promise();
        ((ContextInternal) loop).duplicate().runOnContext(v -> {
            OnBehalf.user(user);
            wait.get().onComplete(done -> seen.complete(OnBehalf.user()));
            waits.complete();
        });
        Await.result(waits.future());
        ((ContextInternal) loop).duplicate().runOnContext(v -> {
            OnBehalf.user("somebody else");
            ends.run();
        });
        return Await.result(seen.future());
    }

    @Test
    void ofAPromiseThatAnotherCompletes() {
        CompletableFuture<Promise<Integer>> made = new CompletableFuture<>();
        assertEquals(
                "alice",
                afterWaiting(
                        "alice",
                        () -> {
                            made.complete(CallersContext.promise());
                            return made.join().future();
                        },
                        () -> made.join().complete(1)));
    }

    @Test
    void ofAFutureThatOthersWaitForToo() {
        Promise<Integer> first = ((ContextInternal) loop).promise();
        assertEquals("bob", afterWaiting("bob", () -> CallersContext.of(first.future()), () -> first.complete(1)));
        assertEquals("carol", afterWaiting("carol", () -> CallersContext.of(first.future()), () -> {}));
    }

    @Test
    void ofWhatAnotherLibraryGives() {
        CompletableFuture<Integer> given = new CompletableFuture<>();
        assertEquals(
                "alice",
                afterWaiting(
                        "alice", () -> CallersContext.of(given), () -> new Thread(() -> given.complete(1)).start()));
    }

    @Test
    void ofBytesThatComeLater() {
        class Message extends SocketSource {
            Message() {
                super(new EmbeddedChannel());
            }

            @Override
            protected void over(boolean brokenOff) {}

            @Override
            public void cancel() {
                drop();
            }

            void comes() {
                arrive(Buffer.buffer("bytes"));
            }
        }
        Message message = new Message();
        assertEquals("alice", afterWaiting("alice", message::next, message::comes));
    }

    @Test
    void ofALoopWhoseStepsOthersEnd() {
        CompletableFuture<Promise<Boolean>> step = new CompletableFuture<>();
        assertEquals(
                "alice",
                afterWaiting(
                        "alice",
                        () -> Steps.whileMore(() -> {
                            step.complete(CallersContext.promise());
                            return step.join().future();
                        }),
                        () -> step.join().complete(false)));
    }

    @Test
    void outsideOfVertxNothingChanges() {
        assertTrue(CallersContext.of(Future.succeededFuture(1)).succeeded());
        Promise<Integer> promise = CallersContext.promise();
        promise.complete(1);
        assertEquals(1, promise.future().result());
    }
}
