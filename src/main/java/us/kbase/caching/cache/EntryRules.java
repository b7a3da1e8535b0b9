package us.kbase.caching.cache;

import java.util.function.Predicate;
import us.kbase.caching.failure.Failure;

/**
 * Who may do what with an entry: the whole protocol, pure, with no store and no clock in sight. Each function decides from
 * the entry as last read and the caller's token id; a refusal is thrown as a {@link Failure}.
 */
public final class EntryRules {

    private EntryRules() {}

    /** What asking for an id does. */
    public sealed interface Reservation {
        /** The id exists: answer with its metadata. */
        record Known(Entry entry) implements Reservation {}

        /** Nothing is there, or nothing that still counts: a fresh placeholder is to be written. */
        record Revive() implements Reservation {}
    }

    /** {@code POST /cache_id}. */
    public static Reservation reserve(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> new Reservation.Revive();
            case Entry.Expired expired -> new Reservation.Revive();
            case Entry.Tombstone tombstone -> new Reservation.Revive();
            case Entry.Placeholder placeholder -> known(entry, placeholder.tokenId(), tokenId);
            case Entry.File file -> known(entry, file.tokenId(), tokenId);
            case Entry.Foreign foreign -> throw forbidden();
        };
    }

    private static Reservation known(Entry entry, String owner, String tokenId) {
        owned(owner, tokenId);
        return new Reservation.Known(entry);
    }

    /** What an upload may do. */
    public sealed interface Publication {
        /** Publish onto this placeholder, once nothing that it replaced can be struck any more. */
        record OntoPlaceholder(Entry.Placeholder placeholder) implements Publication {}

        /** Replace this result. */
        record OntoFile(Entry.File file) implements Publication {}

        /** The caller's own entry expired: write a fresh placeholder first, never onto what a sweep may strike. */
        record Revive() implements Publication {}
    }

    /** {@code POST /cache/<id>}: an owner's expired entry counts, since its job has been paid for. */
    public static Publication publish(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> {
                owned(placeholder.tokenId(), tokenId);
                yield new Publication.OntoPlaceholder(placeholder);
            }
            case Entry.File file -> {
                owned(file.tokenId(), tokenId);
                yield new Publication.OntoFile(file);
            }
            case Entry.Expired expired -> {
                owned(expired.tokenId(), tokenId);
                yield new Publication.Revive();
            }
            case Entry.Tombstone tombstone -> {
                owned(tombstone.tokenId(), tokenId);
                yield new Publication.Revive();
            }
            case Entry.Foreign foreign -> throw forbidden();
        };
    }

    /** {@code GET /cache/<id>}: the file that may be read. */
    public static Entry.File open(Entry entry, String tokenId) {
        return switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Tombstone tombstone -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> {
                owned(placeholder.tokenId(), tokenId);
                throw new Failure.NotFound();
            }
            case Entry.File file -> {
                owned(file.tokenId(), tokenId);
                yield file;
            }
            case Entry.Foreign foreign -> throw forbidden();
        };
    }

    /** {@code GET /cache/<id>/metadata}: the living entry, which its owner and administrators may see. */
    public static Entry describe(Entry entry, Requester requester) {
        return living(entry, requester);
    }

    /** {@code DELETE /cache/<id>}: the living entry, which its owner and administrators may remove. */
    public static Entry remove(Entry entry, Requester requester) {
        return living(entry, requester);
    }

    private static Entry living(Entry entry, Requester requester) {
        boolean administrator = requester.role() == Requester.Role.ADMINISTRATOR;
        String owner = switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Tombstone tombstone -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> placeholder.tokenId();
            case Entry.File file -> file.tokenId();
            case Entry.Foreign foreign -> throw administrator ? new Failure.NotFound() : forbidden();
        };
        if (!administrator) {
            owned(owner, requester.tokenId());
        }
        return entry;
    }

    /** Whose entries a listing shows. */
    public enum Whose {
        /** Those of the requester. */
        OWN,
        /** Everybody's. */
        ALL
    }

    /** {@code GET /cache}: the owners whose entries are listed. */
    public static Predicate<String> list(Requester requester, Whose whose) {
        if (whose == Whose.OWN) {
            return requester.tokenId()::equals;
        }
        if (requester.role() != Requester.Role.ADMINISTRATOR) {
            throw new Failure.Forbidden("Only administrators may list all entries");
        }
        return owner -> true;
    }

    /** {@code GET} and {@code POST /expire}: returns when the requester may see and begin sweeps. */
    public static void expire(Requester requester) {
        if (requester.role() != Requester.Role.ADMINISTRATOR) {
            throw new Failure.Forbidden("Only administrators may expire all entries");
        }
    }

    /** {@code GET} and {@code POST /verify}: returns when the requester may see and begin verifications. */
    public static void verify(Requester requester) {
        if (requester.role() != Requester.Role.ADMINISTRATOR) {
            throw new Failure.Forbidden("Only administrators may verify entries");
        }
    }

    /** Returns when the entry is the caller's. */
    public static void owned(String owner, String tokenId) {
        if (!owner.equals(tokenId)) {
            throw forbidden();
        }
    }

    /** The refusal of what is not the caller's. */
    public static Failure forbidden() {
        return new Failure.Forbidden("You do not have access to that cache");
    }
}
