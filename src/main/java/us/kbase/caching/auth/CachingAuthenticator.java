package us.kbase.caching.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
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
    private static final Duration KNOWN_FOR = Duration.ofDays(1);

    private final Vertx vertx;
    private final Authenticator origin;
    private final AsyncCache<String, Verdict> answers;

    /** Apart from good answers, which a flood of junk cannot push out. */
    private final Cache<String, Failure> refusals;

    /** Tokens that were good, also after their answer was forgotten. */
    private final Cache<String, Boolean> knownBefore;

    /**
     * Caches in front of an authenticator.
     *
     * @param entriesMax how many good tokens are remembered, and as many refused ones
     * @param keptMax the longest that an answer is believed
     */
    public CachingAuthenticator(Vertx vertx, Authenticator origin, int entriesMax, Duration keptMax) {
        this(vertx, origin, entriesMax, keptMax, Ticker.systemTicker());
    }

    /** The same by a clock of its own, in nanoseconds. */
    CachingAuthenticator(Vertx vertx, Authenticator origin, int entriesMax, Duration keptMax, Ticker clock) {
        this.vertx = vertx;
        this.origin = origin;
        this.answers = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(entriesMax)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Verdict>creating(
                        (token, verdict) -> Duration.ofMillis(Math.min(verdict.cacheForMillis(), keptMax.toMillis()))))
                .buildAsync();
        this.refusals = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(entriesMax)
                .executor(Runnable::run)
                .expireAfterWrite(REFUSAL_KEPT)
                .build();
        this.knownBefore = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(entriesMax)
                .executor(Runnable::run)
                .expireAfterWrite(KNOWN_FOR)
                .build();
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        return authenticate(token, Asker.UNKNOWN);
    }

    @Override
    public Future<Verdict> authenticate(String token, Asker asker) {
        String key = digest(token);
        Failure refusal = refusals.getIfPresent(key);
        return refusal == null
                ? Future.fromCompletionStage(answer(key, token, asker), vertx.getOrCreateContext())
                : Future.failedFuture(refusal);
    }

    /** An answer that is kept, or comes. One that is given up just now is not waited for. */
    private CompletableFuture<Verdict> answer(String key, String token, Asker asker) {
        while (true) {
            CompletableFuture<Verdict> answer = answers.getIfPresent(key);
            if (answer == null) {
                OpenQuestion made = new OpenQuestion(asker, knownBefore.getIfPresent(key) != null);
                answer = answers.get(key, (absent, executor) -> made);
                if (answer == made) {
                    ask(key, token, made); // not within the cache's own step: answers may come at once, and for others
                    return made;
                }
            }
            if (!(answer instanceof OpenQuestion open) || open.isDone() || open.join(asker)) {
                return answer;
            }
            answers.asMap().remove(key, answer);
        }
    }

    private void ask(String key, String token, OpenQuestion open) {
        origin.authenticate(token, open).onComplete((verdict, failure) -> {
            if (failure == null) {
                knownBefore.put(key, true);
                open.complete(verdict);
            } else {
                if (failure instanceof Failure.Forbidden refusal) {
                    knownBefore.invalidate(key);
                    refusals.put(key, refusal);
                }
                open.completeExceptionally(failure);
            }
        });
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
