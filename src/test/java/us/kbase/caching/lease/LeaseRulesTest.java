package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseRules.Seen;
import us.kbase.caching.store.Stored;

class LeaseRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final long NUMBER_BEFORE = 7;
    private static final Stored STORED = new Stored("id", "\"etag\"", 10, Map.of("filename", "x"));

    /** Every entry × everything that can be asked of its lease. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            absent,              NotFound,  NotFound,  LeaseLost, LeaseLost
            expired,             NotFound,  NotFound,  LeaseLost, LeaseLost
            foreign,             Forbidden, Forbidden, Forbidden, Forbidden
            another's free,      Forbidden, Forbidden, Forbidden, Forbidden
            another's leased,    Forbidden, Forbidden, Forbidden, Forbidden
            another's file,      Forbidden, Forbidden, Forbidden, Forbidden
            file,                Ready,     Ready,     LeaseLost, LeaseLost
            free,                Take,      Pending,   LeaseLost, LeaseLost
            leased,              Pending,   Pending,   holds,     LeaseLost
            overdue,             Take,      Pending,   holds,     LeaseLost
            """)
    void everyEntryHasOneAnswerToEachOperation(
            String entry, String compute, String watch, String withTheLease, String withAnotherLease) {
        Seen seen = seen(entry);
        assertEquals(compute, answer(seen, LeaseRequest.Intent.COMPUTE), "compute");
        assertEquals(watch, answer(seen, LeaseRequest.Intent.WATCH), "watch");
        assertEquals(withTheLease, holds(seen, "mine"), "renew, release or publish with the lease");
        assertEquals(withAnotherLease, holds(seen, "stolen"), "renew, release or publish with another lease");
    }

    @Test
    void aTakenLeaseEndsAfterItsLifetimeAndIsNumberedByTheTime() {
        LeaseRules.Answer.Take take = take(seen("free"));
        assertEquals(
                NOW.plusSeconds(30).toEpochMilli(),
                take.note().held().orElseThrow().deadlineMillis());
        assertEquals(NOW.toEpochMilli() * 1000, take.note().fencing());
    }

    @Test
    void aNumberIsHigherThanTheOneBeforeEvenWhenTheClockWentBack() {
        long ahead = NOW.plusSeconds(3600).toEpochMilli() * 1000;
        Seen released = new Seen(placeholder("me"), new LeaseRecord(ahead, Optional.empty(), Optional.empty()));
        assertEquals(ahead + 1, take(released).note().fencing());
    }

    @Test
    void aReleasedLeaseLeavesItsNumberBehind() {
        LeaseRecord released = ((LeaseRules.Release.Write) LeaseRules.release(seen("leased"), "me", "mine")).note();
        assertEquals(NUMBER_BEFORE, released.fencing());
        assertTrue(released.held().isEmpty());
    }

    @Test
    void renewalKeepsTheNumberAndMovesTheDeadline() {
        LeaseRecord renewed = LeaseRules.renewed(seen("leased").note(), Optional.empty(), NOW);
        assertEquals(NUMBER_BEFORE, renewed.fencing());
        assertEquals(
                NOW.plusSeconds(20).toEpochMilli(), renewed.held().orElseThrow().deadlineMillis());
    }

    @Test
    void renewalMayChangeTheLifetimeForGood() {
        LeaseRecord renewed = LeaseRules.renewed(seen("leased").note(), Optional.of(90), NOW);
        assertEquals(90, renewed.held().orElseThrow().ttlSeconds());
    }

    @Test
    void aLeaseWhoseWriteLandedWithoutAReplyIsRecognisedByItsSecret() {
        LeaseRequest request = new LeaseRequest(30, 0, "", LeaseRequest.Intent.COMPUTE);
        assertTrue(LeaseRules.ask(seen("leased"), "me", request, "mine", NOW) instanceof LeaseRules.Answer.Own);
    }

    @Test
    void aNoteSurvivesThePlaceholdersBody() {
        LeaseRecord note = seen("leased").note();
        assertEquals(note, LeaseRecord.read(note.body()));
    }

    @Test
    void twoBodiesOfTheSameNoteDiffer() {
        LeaseRecord note = seen("leased").note();
        assertTrue(!note.body().equals(note.body()));
    }

    @Test
    void aBodyNotOfOurMakingHoldsNoLease() {
        for (String body : new String[] {"", "null", "[]", "{}", "{\"lease\":5}", "{\"lease\":\"x\"}", "\u0000"}) {
            assertEquals(
                    Optional.empty(),
                    LeaseRecord.read(io.vertx.core.buffer.Buffer.buffer(body)).held(),
                    body);
        }
    }

    @Test
    void theHoldersWordsNeverOutgrowThePlaceholder() {
        LeaseRecord.Held held = new LeaseRecord.Held("secret", "\"\n\u65e5".repeat(1000), 60, 1);
        assertTrue(new LeaseRecord(1, Optional.of(held), Optional.of("released"))
                        .body()
                        .length()
                < LeaseRecord.BYTES_MAX);
    }

    private static LeaseRules.Answer.Take take(Seen seen) {
        LeaseRequest request = new LeaseRequest(30, 0, "worker", LeaseRequest.Intent.COMPUTE);
        return (LeaseRules.Answer.Take) LeaseRules.ask(seen, "me", request, "new", NOW);
    }

    private static String answer(Seen seen, LeaseRequest.Intent intent) {
        return named(() -> LeaseRules.ask(seen, "me", new LeaseRequest(30, 0, "", intent), "new", NOW)
                .getClass()
                .getSimpleName());
    }

    private static String holds(Seen seen, String secret) {
        return named(() -> LeaseRules.held(seen, "me", secret) == seen.entry() ? "holds" : "wrong entry");
    }

    private static String named(Supplier<String> question) {
        try {
            return question.get();
        } catch (Failure refused) {
            return refused.getClass().getSimpleName();
        }
    }

    private static Seen seen(String entry) {
        return switch (entry) {
            case "absent" -> bare(new Entry.Absent());
            case "expired" -> bare(new Entry.Expired("me", STORED));
            case "foreign" -> bare(new Entry.Foreign(STORED));
            case "file" -> bare(new Entry.File("me", "f", Long.MAX_VALUE, STORED));
            case "another's file" -> bare(new Entry.File("other", "f", Long.MAX_VALUE, STORED));
            case "free" -> bare(placeholder("me"));
            case "another's free" -> bare(placeholder("other"));
            case "leased" -> new Seen(placeholder("me"), leased(NOW.plusSeconds(1)));
            case "another's leased" -> new Seen(placeholder("other"), leased(NOW.plusSeconds(1)));
            case "overdue" -> new Seen(placeholder("me"), leased(NOW));
            default -> throw new IllegalArgumentException(entry);
        };
    }

    private static Seen bare(Entry entry) {
        return new Seen(entry, LeaseRecord.NONE);
    }

    private static Entry.Placeholder placeholder(String owner) {
        return new Entry.Placeholder(owner, Long.MAX_VALUE, STORED);
    }

    private static LeaseRecord leased(Instant deadline) {
        return new LeaseRecord(
                NUMBER_BEFORE,
                Optional.of(new LeaseRecord.Held("mine", "worker", 20, deadline.toEpochMilli())),
                Optional.empty());
    }
}
