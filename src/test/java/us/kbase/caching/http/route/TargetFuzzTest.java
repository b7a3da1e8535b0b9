package us.kbase.caching.http.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.Listing;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;

/** Paths, queries and cursors, changed here and there: each names one thing, or is refused in a sentence. */
class TargetFuzzTest {

    private static final Corpus PATHS = Corpus.of(
            List.of(
                    "/v1/cache/abc",
                    "/cache/v1/cache/abc/file",
                    "/v1/cache/abc/lease/",
                    "/v1/cache_id",
                    "/healthz",
                    "/cache"),
            List.of(
                    "/", "//", "/..", "/.", "%2e", "%2E%2e", "%2f", "%00", ";", "?", "#", "\\", "/cache", "/v1",
                    "\u00ff"));

    private static final Corpus QUERIES = Corpus.of(
            List.of(
                    "limit=5&cursor=YWJj&prefix=a",
                    "dry_run=true",
                    "filename=a%20b%c3%a9.txt",
                    "&&limit=5&",
                    "all=false"),
            List.of(
                    "&",
                    "=",
                    "%",
                    "%00",
                    "%zz",
                    "%c3",
                    "%ff",
                    "+",
                    "limit=",
                    "limit=1&limit=2",
                    "dry_run",
                    "\0",
                    "\u00e9"));

    private static final Set<String> NAMES = Set.of("limit", "cursor", "prefix", "dry_run", "all", "filename");

    @Test
    void aPathNamesOneThingOrNothing() {
        Fuzz.holds(20_000, random -> {
            String path = PATHS.text(random);
            Target.parse(path).ifPresent(target -> {
                assertFalse(target.segment().contains("/"), path);
                assertTrue(path.contains(target.resource().template().replace("{cache_id}", target.segment())), path);
                CacheId.parse(target.segment()).ifPresent(id -> assertEquals(target.segment(), id.value()));
            });
        });
    }

    @Test
    void aQueryIsReadOrRefused() {
        Fuzz.holds(20_000, random -> {
            String text = QUERIES.text(random);
            try {
                Query query = Query.parse(text, NAMES);
                assertTrue(query.integer("limit", 1, 1000).orElse(1) >= 1, text);
                query.flag("dry_run");
                query.text("cursor").ifPresent(Listing::keyOf);
            } catch (Failure.BadInput refused) {
                assertTrue(refused.getMessage().length() < 300, refused.getMessage());
                assertTrue(refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), refused.getMessage());
            }
        });
    }
}
