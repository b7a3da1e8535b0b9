package us.kbase.caching.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.digest.DigestField;
import us.kbase.caching.http.content.ContentTypes;
import us.kbase.caching.http.content.Disposition;
import us.kbase.caching.text.HttpDate;

/** What replies say of a result in their heads. */
public final class ResultHeaders {

    /** How long the result's job took, of an upload and of what is read of it. */
    static final String COMPUTE_SECONDS = "Cache-Compute-Seconds";

    private ResultHeaders() {}

    /** Writes what a reply with the result says of it, but for its length. */
    public static void put(HttpServerResponse response, Entry.File file) {
        putValidators(response, file)
                .putHeader("Content-Type", type(file))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("X-Content-Type-Options", "nosniff");
        file.computeTime().seconds().ifPresent(took -> response.putHeader(COMPUTE_SECONDS, Long.toString(took)));
        putDigests(response, file);
    }

    /** Of the whole file, also beside one range of it (RFC 9530 section 3). */
    private static void putDigests(HttpServerResponse response, Entry.File file) {
        DigestField.format(file.checksums())
                .ifPresent(digests -> response.putHeader(DigestField.CACHE_DIGEST, digests));
        DigestField.format(file.hashes()).ifPresent(digests -> response.putHeader(DigestField.REPR_DIGEST, digests));
    }

    /** The same with the file's name, which the v1 contract knows not. */
    static void putWithName(HttpServerResponse response, Entry.File file) {
        put(response, file);
        response.putHeader("Content-Disposition", Disposition.of(type(file), file.filename(), file.sentName()));
    }

    /** Writes what tells this version of the result from others. */
    @CanIgnoreReturnValue
    static HttpServerResponse putValidators(HttpServerResponse response, Entry.File file) {
        Demands.lastModified(file)
                .ifPresent(date -> response.putHeader("Last-Modified", HttpDate.format(notInFuture(date))));
        return response.putHeader("ETag", file.stored().etag()).putHeader("Cache-Control", "private, no-cache");
    }

    /** The store's clock may be ahead of the one that dates replies (RFC 9110 section 8.8.2.1). */
    private static Instant notInFuture(Instant date) {
        Instant now = Instant.now();
        return date.isAfter(now) ? now : date;
    }

    private static String type(Entry.File file) {
        return file.contentType().orElseGet(() -> ContentTypes.of(file.filename()));
    }
}
