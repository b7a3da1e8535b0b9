package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing that is as long as what others send or keep is a chain of futures: steps are a loop ({@code Steps}). */
class SelfCompositionTest {

    /** They come back to themselves through a future that is done, and see to it: the call inside sets a mark, and the loop goes on. */
    private static final Set<String> LOOPS_WITH_A_MARK = Set.of(
            "Steps.next",
            "Steps.ended",
            "Questions.ask",
            "ForEachConcurrently.fill",
            "Questions.drain",
            "BodySender.step",
            "BodySender.given",
            "BodySender.write",
            "BodySender.written",
            "SdkExchange.Answer.step",
            "SdkExchange.Answer.given");

    @Test
    void noMethodOfMainComposesItself() throws IOException {
        SelfComposition main = new SelfComposition();
        try (var files = Files.walk(Path.of("target/classes"))) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".class")).toList()) {
                try (InputStream compiled = Files.newInputStream(file)) {
                    main.add(compiled);
                }
            }
        }
        Set<String> found = main.found();
        found.removeAll(LOOPS_WITH_A_MARK);
        assertEquals(Set.of(), found);
    }

    /** What the rule must find, and what not. */
    @SuppressWarnings({"unused", "UnusedMethod"})
    private static class Examples {
        private final Vertx vertx = Vertx.vertx();

        Future<Void> itself() {
            return Future.succeededFuture().compose(v -> itself());
        }

        Future<Void> itselfByName() {
            return Future.succeededFuture().compose(this::again);
        }

        private Future<Void> again(Object given) {
            return itselfByName();
        }

        void afterBoth() {
            Future.succeededFuture().onComplete(v -> {}, cause -> afterBoth());
        }

        Future<Void> insideAnother() {
            return Future.succeededFuture()
                    .compose(v -> Future.succeededFuture()
                            .recover(cause -> insideAnother().mapEmpty()))
                    .mapEmpty();
        }

        void later() {
            Future.succeededFuture().onComplete(v -> vertx.setTimer(1, id -> later()));
        }

        int withoutFutures(int left) {
            return List.of(left).stream()
                    .mapToInt(i -> i == 0 ? 0 : withoutFutures(i - 1))
                    .sum();
        }

        Future<Void> calledOnce() {
            return Future.succeededFuture().compose(v -> Future.succeededFuture());
        }
    }

    @Test
    void aMethodThatComposesItselfIsFound() throws IOException {
        SelfComposition examples = new SelfComposition();
        try (InputStream compiled =
                Objects.requireNonNull(Examples.class.getResourceAsStream("SelfCompositionTest$Examples.class"))) {
            examples.add(compiled);
        }
        String here = "SelfCompositionTest.Examples.";
        assertEquals(
                Set.of(
                        here + "itself",
                        here + "itselfByName",
                        here + "again",
                        here + "afterBoth",
                        here + "insideAnother"),
                examples.found());
    }
}
