package us.kbase.caching.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import us.kbase.caching.failure.Failure;

/**
 * Remembers answers by the SHA-256 of the token and asks once for callers that come together. Shared by all event loops;
 * each caller's future completes on its own.
 */
public final class CachingAuthenticator implements Authenticator {

    private static final Duration REFUSAL_KEPT = Duration.ofSeconds(10);

    private sealed interface Answer {
        record Known(Verdict verdict) implements Answer {}

        record Refused(Failure failure) implements Answer {}
    }

    private final Vertx vertx;
    private final Authenticator origin;
    private final AsyncCache<String, Answer> answers;

    /**
     * Caches in front of an authenticator.
     *
     * @param entriesMax how many tokens are remembered
     * @param keptMax the longest that an answer is believed
     */
    public CachingAuthenticator(Vertx vertx, Authenticator origin, int entriesMax, Duration keptMax) {
        this.vertx = vertx;
        this.origin = origin;
        this.answers = Caffeine.newBuilder()
                .maximumSize(entriesMax)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Answer>creating((token, answer) -> switch (answer) {
                    case Answer.Known known ->
                        Duration.ofMillis(Math.min(known.verdict().cacheForMillis(), keptMax.toMillis()));
                    case Answer.Refused refused -> REFUSAL_KEPT;
                }))
                .buildAsync();
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        CompletableFuture<Answer> answer = answers.get(digest(token), (key, executor) -> ask(token));
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext()).map(found -> switch (found) {
            case Answer.Known known -> known.verdict();
            case Answer.Refused refused -> throw refused.failure();
        });
    }

    private CompletableFuture<Answer> ask(String token) {
        return origin.authenticate(token)
                .<Answer>map(Answer.Known::new)
                .recover(cause -> cause instanceof Failure.Forbidden refusal
                        ? Future.succeededFuture(new Answer.Refused(refusal))
                        : Future.failedFuture(cause))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static String digest(String token) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
