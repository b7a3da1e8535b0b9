package us.kbase.caching.cache;

import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Precondition;

/**
 * Who may do what with an entry: the whole protocol, pure, with no store and no clock in sight. Each function decides from
 * the entry as last read and the caller's token id; a refusal is thrown as a {@link Failure}.
 */
public final class EntryRules {

    private static final String FORBIDDEN = "You do not have access to that cache";

    private EntryRules() {}

    /** What asking for an id does. */
    public sealed interface Reservation {
        /** The id exists: answer with its metadata. */
        record Known(Entry entry) implements Reservation {}

        /** Write a fresh placeholder, if the store still agrees. */
        record Write(Precondition condition) implements Reservation {}
    }

    /** {@code POST /cache_id}. */
    public static Reservation reserve(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> new Reservation.Write(new Precondition.Absent());
            case Entry.Expired expired ->
                new Reservation.Write(new Precondition.Matches(expired.stored().etag()));
            case Entry.Placeholder placeholder -> known(entry, placeholder.tokenId(), tokenId);
            case Entry.File file -> known(entry, file.tokenId(), tokenId);
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        };
    }

    private static Reservation known(Entry entry, String owner, String tokenId) {
        owned(owner, tokenId);
        return new Reservation.Known(entry);
    }

    /** {@code POST /cache/<id>}: the condition under which a result may replace the entry; an owner's expired one too. */
    public static Precondition publish(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> {
                owned(placeholder.tokenId(), tokenId);
                yield new Precondition.Matches(placeholder.stored().etag());
            }
            case Entry.File file -> {
                owned(file.tokenId(), tokenId);
                yield new Precondition.Matches(file.stored().etag());
            }
            case Entry.Expired expired -> {
                owned(expired.tokenId(), tokenId);
                yield new Precondition.Matches(expired.stored().etag());
            }
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        };
    }

    /** {@code GET /cache/<id>}: the file that may be read. */
    public static Entry.File open(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> {
                owned(placeholder.tokenId(), tokenId);
                throw new Failure.NotFound();
            }
            case Entry.File file -> {
                owned(file.tokenId(), tokenId);
                yield file;
            }
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        };
    }

    /** {@code DELETE /cache/<id>}: returns when the caller may remove the entry. */
    public static void remove(Entry entry, String tokenId) {
        switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> owned(placeholder.tokenId(), tokenId);
            case Entry.File file -> owned(file.tokenId(), tokenId);
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        }
    }

    private static void owned(String owner, String tokenId) {
        if (!owner.equals(tokenId)) {
            throw new Failure.Forbidden(FORBIDDEN);
        }
    }
}
