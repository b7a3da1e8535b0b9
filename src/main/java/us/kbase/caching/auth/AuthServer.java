package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.tally.CallTimes;

/** KBase's auth2, with what is between it and strangers: answers that are remembered, questions that wait in turns. Any thread. */
public final class AuthServer implements Authenticator {

    private final Questions questions;
    private final Authenticator remembered;

    private AuthServer(Questions questions, Authenticator remembered) {
        this.questions = questions;
        this.remembered = remembered;
    }

    /**
     * What is remembered.
     *
     * @param entriesMax good tokens; as many refused ones beside them
     * @param timeMax the longest that an answer is believed
     */
    public record Kept(int entriesMax, Duration timeMax) {}

    /**
     * The server at this URL.
     *
     * @param adminRoles custom roles that make an administrator
     * @param budget pays for questions that wait or are asked
     * @param times hears how long each question took
     */
    public static AuthServer of(
            Vertx vertx, URI url, Set<String> adminRoles, Kept kept, Budget budget, CallTimes times) {
        Questions questions = new Questions(
                vertx, new KBaseAuthenticator(vertx, url, adminRoles, times), budget, Questions.Limits.USUAL);
        return new AuthServer(questions, new CachingAuthenticator(vertx, questions, kept.entriesMax(), kept.timeMax()));
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        return remembered.authenticate(token);
    }

    @Override
    public Future<Verdict> authenticate(String token, Asker asker) {
        return remembered.authenticate(token, asker);
    }

    /** How many questions about tokens that were good before wait now. */
    public int waitingKnown() {
        return questions.waitingKnown();
    }

    /** How many questions about tokens that were never seen wait now. */
    public int waitingStrangers() {
        return questions.waitingStrangers();
    }

    /** How many questions are at the server now. */
    public int asked() {
        return questions.asked();
    }
}
