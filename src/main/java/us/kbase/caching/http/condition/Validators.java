package us.kbase.caching.http.condition;

import java.time.Instant;
import java.util.Optional;

/**
 * What tells one version of a result from another.
 *
 * @param etag a strong entity tag, with its quotes
 * @param lastModified in whole seconds, where it is known
 */
public record Validators(String etag, Optional<Instant> lastModified) {

    EntityTag tag() {
        return new EntityTag(false, etag);
    }
}
