package us.kbase.caching.http.condition;

import io.vertx.core.MultiMap;
import java.util.Optional;
import us.kbase.caching.store.ByteRange;

/**
 * Which part of a result a request asks for, and of which version (RFC 9110 sections 13.1.5 and 14.2).
 *
 * @param range the only range asked for; the whole result for several, and for what a server must ignore
 * @param ifRange the version of which the range is wanted; nothing for whatever is there
 */
public record RangeRequest(ByteRange range, Optional<String> ifRange) {

    /** Reads a request's headers; a condition without a range means nothing. */
    public static RangeRequest of(MultiMap headers) {
        ByteRange range = Optional.ofNullable(headers.get("Range"))
                .flatMap(RangeHeader::parse)
                .orElse(ByteRange.ALL);
        return new RangeRequest(
                range, range.equals(ByteRange.ALL) ? Optional.empty() : Optional.ofNullable(headers.get("If-Range")));
    }

    /**
     * What is to be sent of this version: the range, or all of a version that is not the client's. A date never names a version
     * here: two uploads may begin in one second, and bytes of both would make a file that nobody sent.
     */
    public ByteRange of(Validators present) {
        boolean same = ifRange.map(value -> EntityTags.single(value)
                        .map(tag -> tag.matchesStrongly(present.tag()))
                        .orElse(false))
                .orElse(true);
        return same ? range : ByteRange.ALL;
    }
}
