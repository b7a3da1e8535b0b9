package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No request is answered in a listener of completion; ArchitectureTest has the same rule for listeners of success. */
class AnsweringListenersTest {

    @Test
    void noRequestIsAnsweredInAListenerOfCompletion() throws IOException {
        AnsweringListeners http = new AnsweringListeners();
        try (var files = Files.walk(Path.of("target/classes/us/kbase/caching/http"))) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".class")).toList()) {
                try (InputStream compiled = Files.newInputStream(file)) {
                    http.add(compiled);
                }
            }
        }
        assertEquals(Set.of(), http.found());
    }

    /** What the rule must find, and what not. */
    @SuppressWarnings({"unused", "UnusedMethod"})
    private static class Examples {
        void answers(Future<String> work, HttpServerResponse response) {
            Future<String> unused = work.onComplete(done -> {
                Future<Void> sent = response.end(String.valueOf(done.result()));
            });
        }

        void cleansUp(Future<String> work, Runnable cleanUp) {
            Future<String> unused = work.onComplete(done -> cleanUp.run());
        }

        Future<Void> answersByComposing(Future<String> work, HttpServerResponse response) {
            return work.compose(response::end);
        }
    }

    @Test
    void theRuleFindsWhatItIsFor() throws IOException {
        AnsweringListeners examples = new AnsweringListeners();
        String name = Examples.class.getName().replace('.', '/');
        try (InputStream compiled =
                Objects.requireNonNull(Examples.class.getClassLoader().getResourceAsStream(name + ".class"))) {
            examples.add(compiled);
        }
        assertEquals(
                Set.of(name + ".lambda$answers$0 calls io/vertx/core/http/HttpServerResponse.end"), examples.found());
    }
}
