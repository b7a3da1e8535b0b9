package us.kbase.caching.lease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryRules;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;

/**
 * Who may hold, keep and use a lease: pure, with no store and no clock in sight. The clock decides only when a lease may be
 * taken over; one that is overdue and was not taken over still holds.
 */
final class LeaseRules {

    private LeaseRules() {}

    /** An entry and what its body says, read together. */
    record Seen(Entry entry, LeaseRecord note) {}

    /** What asking for a lease comes to. */
    sealed interface Answer {
        /** The file is there. */
        record Ready(Entry.File file) implements Answer {}

        /** Wait: for the holder, or, when nobody holds it, for somebody who computes. */
        record Pending(Optional<LeaseRecord.Held> held) implements Answer {}

        /** It is the caller's already: the write landed although its reply was lost. */
        record Own(LeaseRecord.Held held, long fencing) implements Answer {}

        /** Nobody holds it: write this, if the placeholder is still the one that was seen. */
        record Take(Entry.Placeholder placeholder, LeaseRecord note) implements Answer {}
    }

    /** {@code POST lease}: the secret becomes the lease's, if it comes to one. */
    static Answer ask(Seen seen, String tokenId, LeaseRequest request, String secret, Instant now) {
        return switch (seen.entry()) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Tombstone tombstone -> throw new Failure.NotFound();
            case Entry.Foreign foreign -> throw EntryRules.forbidden();
            case Entry.File file -> {
                EntryRules.owned(file.tokenId(), tokenId);
                yield new Answer.Ready(file);
            }
            case Entry.Placeholder placeholder -> {
                EntryRules.owned(placeholder.tokenId(), tokenId);
                Optional<LeaseRecord.Held> own =
                        seen.note().held().filter(lease -> lease.secret().equals(secret));
                if (own.isPresent()) {
                    yield new Answer.Own(own.get(), seen.note().fencing());
                }
                Optional<LeaseRecord.Held> held = running(seen.note(), now);
                yield held.isPresent() || request.intent() == LeaseRequest.Intent.WATCH
                        ? new Answer.Pending(held)
                        : new Answer.Take(placeholder, taken(seen.note(), request, secret, now));
            }
        };
    }

    /** The lease that nobody may take over yet. */
    private static Optional<LeaseRecord.Held> running(LeaseRecord note, Instant now) {
        return note.held().filter(lease -> now.toEpochMilli() < lease.deadlineMillis());
    }

    private static LeaseRecord taken(LeaseRecord before, LeaseRequest request, String secret, Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        LeaseRecord.Held held = new LeaseRecord.Held(
                secret, request.holder(), request.ttlSeconds(), deadline(now, request.ttlSeconds()));
        // Store time, so that the number grows across a deletion too, which leaves no number behind.
        return new LeaseRecord(Math.max(before.fencing() + 1, micros), Optional.of(held), before.released());
    }

    /** The placeholder on which the caller's lease holds; refuses with {@code LeaseLost} when it does not. */
    static Entry.Placeholder held(Seen seen, String tokenId, String secret) {
        return switch (seen.entry()) {
            case Entry.Absent absent -> throw new Failure.LeaseLost();
            case Entry.Expired expired -> throw new Failure.LeaseLost();
            case Entry.Tombstone tombstone -> throw new Failure.LeaseLost();
            case Entry.Foreign foreign -> throw EntryRules.forbidden();
            case Entry.File file -> {
                EntryRules.owned(file.tokenId(), tokenId);
                throw new Failure.LeaseLost();
            }
            case Entry.Placeholder placeholder -> {
                EntryRules.owned(placeholder.tokenId(), tokenId);
                if (seen.note()
                        .held()
                        .filter(lease -> lease.secret().equals(secret))
                        .isEmpty()) {
                    throw new Failure.LeaseLost();
                }
                yield placeholder;
            }
        };
    }

    /**
     * What an upload under a lease publishes onto: the placeholder on which it holds, or the result that the same lease published, since
     * the reply to that may have been lost. Refuses with {@code LeaseLost} where it is neither.
     */
    static Stored publish(Seen seen, String tokenId, String secret) {
        Optional<Entry.File> own = publishedUnder(seen, tokenId, secret);
        return own.isPresent()
                ? own.get().stored()
                : held(seen, tokenId, secret).stored();
    }

    private static Optional<Entry.File> publishedUnder(Seen seen, String tokenId, String secret) {
        if (!(seen.entry() instanceof Entry.File file)) {
            return Optional.empty();
        }
        EntryRules.owned(file.tokenId(), tokenId);
        return LeaseMark.isOn(file.stored(), secret) ? Optional.of(file) : Optional.empty();
    }

    /** What a renewed lease looks like. */
    static LeaseRecord renewed(LeaseRecord note, Optional<Integer> ttlSeconds, Instant now) {
        return note.holding(note.held().map(lease -> {
            int ttl = ttlSeconds.orElse(lease.ttlSeconds());
            return new LeaseRecord.Held(lease.secret(), lease.holder(), ttl, deadline(now, ttl));
        }));
    }

    /** What giving a lease back comes to. */
    sealed interface Release {
        /** It ends: write this, if the placeholder is still the one that was seen. */
        record Write(Entry.Placeholder placeholder, LeaseRecord note) implements Release {}

        /** It has ended by its holder's own act, and the reply to that may have been lost: nothing is to be done. */
        record Done() implements Release {}
    }

    /** {@code DELETE lease}: refuses with {@code LeaseLost} where another ended it. */
    static Release release(Seen seen, String tokenId, String secret) {
        if (publishedUnder(seen, tokenId, secret).isPresent()) {
            return new Release.Done();
        }
        if (seen.entry() instanceof Entry.Placeholder placeholder
                && seen.note().released().equals(Optional.of(secret))) {
            EntryRules.owned(placeholder.tokenId(), tokenId);
            return new Release.Done();
        }
        return new Release.Write(held(seen, tokenId, secret), released(seen.note(), secret));
    }

    /** What is left of a released lease: its number, so that the next one is higher, and whose it was. */
    private static LeaseRecord released(LeaseRecord note, String secret) {
        return new LeaseRecord(note.fencing(), Optional.empty(), Optional.of(secret));
    }

    private static long deadline(Instant now, int ttlSeconds) {
        return now.plusSeconds(ttlSeconds).toEpochMilli();
    }
}
