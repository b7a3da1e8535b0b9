package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;

/**
 * An upload that may be published as things stood when it was admitted. The rules are asked before its first byte, unless
 * its node has just written what it publishes onto; again when its body took long, and again when the entry changed meanwhile. Event loop of its store.
 */
public final class Admission implements Guard {

    /** A condition this old may name an entry that expired meanwhile, and a sweep strikes two hours after that. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Upload upload;
    private final Rules rules;
    private final InstantSource clock;
    private final Precondition admitted;
    private final Instant admittedAt;
    private final ConflictRetry conflicts = new ConflictRetry();

    /** Says under which condition an upload may publish. */
    public interface Rules {
        /** The condition as things stand now, or the failure that ends the upload. */
        Future<Precondition> ask();
    }

    /**
     * What asks to be published.
     *
     * @param tokenId of its owner
     * @param marks metadata that tell under what right it was published
     */
    public record Upload(CacheId id, String tokenId, Map<String, String> marks) {}

    private Admission(Upload upload, Rules rules, InstantSource clock, Precondition admitted) {
        this.upload = upload;
        this.rules = rules;
        this.clock = clock;
        this.admitted = admitted;
        this.admittedAt = clock.instant();
    }

    /** Asks the rules whether an upload may be published; fails with their refusal. */
    public static Future<Admission> ask(Upload upload, InstantSource clock, Rules rules) {
        return rules.ask().map(admitted -> new Admission(upload, rules, clock, admitted));
    }

    /**
     * Admits an upload without asking the rules: it may be published onto the placeholder of that ETag, which nothing else can ever
     * have. Where that is gone, the rules are asked.
     */
    static Admission onto(String etag, Upload upload, InstantSource clock, Rules rules) {
        return new Admission(upload, rules, clock, new Precondition.Matches(etag, Precondition.Recurrence.IMPOSSIBLE));
    }

    public Upload upload() {
        return upload;
    }

    @Override
    public Precondition first() {
        return admitted;
    }

    @Override
    public Future<Precondition> atPublish() {
        return clock.instant().isAfter(admittedAt.plus(FRESH)) ? rules.ask() : Future.succeededFuture(admitted);
    }

    @Override
    public boolean toleratesUnknownTries() {
        return false;
    }

    @Override
    public Future<Precondition> afterConflict() {
        return conflicts.another().compose(v -> rules.ask());
    }
}
