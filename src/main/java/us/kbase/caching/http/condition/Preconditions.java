package us.kbase.caching.http.condition;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.text.HttpDate;

/**
 * What a request demands of the result that is there (RFC 9110 section 13). A header of several lines counts as one list; a date
 * that is none is as if it were absent. Immutable.
 */
public record Preconditions(
        Optional<EntityTags> ifMatch,
        Optional<EntityTags> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final String IF_MODIFIED_SINCE = "If-Modified-Since";
    private static final String IF_UNMODIFIED_SINCE = "If-Unmodified-Since";

    /** What becomes of a request whose preconditions were evaluated. */
    public sealed interface Outcome {
        /** The request is carried out. */
        record Holds() implements Outcome {}

        /** The client has the result that it asks for: 304. */
        record NotModified() implements Outcome {}

        /**
         * The request is refused: 412.
         *
         * @param header whose condition does not hold
         */
        record Failed(String header) implements Outcome {}
    }

    /** What a request would do with the result. */
    public enum Purpose {
        /** {@code GET} and {@code HEAD}. */
        READ,
        /** Every other method. */
        CHANGE
    }

    /** Reads a request's headers. */
    public static Preconditions of(MultiMap headers, InstantSource clock) {
        return new Preconditions(
                joined(headers, IF_MATCH).map(EntityTags::parse),
                joined(headers, IF_NONE_MATCH).map(EntityTags::parse),
                joined(headers, IF_MODIFIED_SINCE).flatMap(text -> HttpDate.parse(text, clock.instant())),
                joined(headers, IF_UNMODIFIED_SINCE).flatMap(text -> HttpDate.parse(text, clock.instant())));
    }

    private static Optional<String> joined(MultiMap headers, String name) {
        List<String> lines = headers.getAll(name);
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(",", lines));
    }

    /** Whether the request demands nothing. */
    public boolean isEmpty() {
        return ifMatch.isEmpty() && ifNoneMatch.isEmpty() && ifModifiedSince.isEmpty() && ifUnmodifiedSince.isEmpty();
    }

    /**
     * Evaluates all of them in the order of section 13.2.2.
     *
     * @param present the result that is there; a placeholder is none
     */
    public Outcome evaluate(Purpose purpose, Optional<Validators> present) {
        if (ifMatch.isPresent()) {
            if (!present.map(there -> isAmong(ifMatch.get(), there)).orElse(false)) {
                return new Outcome.Failed(IF_MATCH);
            }
        } else if (isNewer(present, ifUnmodifiedSince)) {
            return new Outcome.Failed(IF_UNMODIFIED_SINCE);
        }
        if (ifNoneMatch.isPresent()) {
            boolean none = !present.map(there -> isEquivalentToOneOf(ifNoneMatch.get(), there))
                    .orElse(false);
            return none ? new Outcome.Holds() : unchanged(purpose);
        }
        boolean known = ifModifiedSince.isPresent()
                && present.flatMap(Validators::lastModified).isPresent();
        return purpose == Purpose.READ && known && !isNewer(present, ifModifiedSince)
                ? new Outcome.NotModified()
                : new Outcome.Holds();
    }

    private static Outcome unchanged(Purpose purpose) {
        return purpose == Purpose.READ ? new Outcome.NotModified() : new Outcome.Failed(IF_NONE_MATCH);
    }

    private static boolean isAmong(EntityTags listed, Validators present) {
        return listed.any() || listed.tags().stream().anyMatch(tag -> tag.matchesStrongly(present.tag()));
    }

    private static boolean isEquivalentToOneOf(EntityTags listed, Validators present) {
        return listed.any() || listed.tags().stream().anyMatch(tag -> tag.matchesWeakly(present.tag()));
    }

    /** Whether both dates are known and the result's is the later one. */
    private static boolean isNewer(Optional<Validators> present, Optional<Instant> date) {
        Optional<Instant> modified = present.flatMap(Validators::lastModified);
        return modified.isPresent() && date.isPresent() && modified.get().isAfter(date.get());
    }
}
