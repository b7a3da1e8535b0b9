package us.kbase.caching.cache;

import us.kbase.caching.failure.Failure;

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
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
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
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
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
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        };
    }

    /** {@code DELETE /cache/<id>}: returns when the caller may remove the entry. */
    public static void remove(Entry entry, String tokenId) {
        switch (entry) {
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Tombstone tombstone -> throw new Failure.NotFound();
            case Entry.Placeholder placeholder -> owned(placeholder.tokenId(), tokenId);
            case Entry.File file -> owned(file.tokenId(), tokenId);
            case Entry.Foreign foreign -> throw new Failure.Forbidden(FORBIDDEN);
        }
    }

    /** An administrator's rights: those of the owner of whatever is there. Gives the owner's token id. */
    public static String ownerOf(Entry entry) {
        return switch (entry) {
            case Entry.Placeholder placeholder -> placeholder.tokenId();
            case Entry.File file -> file.tokenId();
            case Entry.Absent absent -> throw new Failure.NotFound();
            case Entry.Expired expired -> throw new Failure.NotFound();
            case Entry.Tombstone tombstone -> throw new Failure.NotFound();
            case Entry.Foreign foreign -> throw new Failure.NotFound();
        };
    }

    private static void owned(String owner, String tokenId) {
        if (!owner.equals(tokenId)) {
            throw new Failure.Forbidden(FORBIDDEN);
        }
    }
}
