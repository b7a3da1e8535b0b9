package us.kbase.caching.http.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path names. */
class TargetTest {

    private static final int LONG = 4 << 20;

    private static Optional<Target> target(Resource resource, String segment) {
        return target(resource, segment, "");
    }

    private static Optional<Target> target(Resource resource, String segment, String rest) {
        return Optional.of(new Target(resource, segment, rest));
    }

    @ParameterizedTest
    @EnumSource
    void everyResourceIsAtItsTemplateWithOrWithoutASlash(Resource resource) {
        String path = resource.template().replace("{cache_id}", "ab-1_Z").replace("{path}", "a/b");
        String id = resource.template().contains("{cache_id}") ? "ab-1_Z" : "";
        String rest = resource.template().contains("{path}") ? "a/b" : "";
        assertEquals(target(resource, id, rest), Target.parse(path));
        assertEquals(target(resource, id, rest), Target.parse(path + "/"));
    }

    @ParameterizedTest
    @EnumSource
    void belowCacheIsWhatClientsUseAndNothingOfTheOperators(Resource resource) {
        boolean mounted = resource.mount() == Resource.Mount.BOTH;
        String path = "/cache" + resource.template();
        assertEquals(
                mounted ? Optional.of(resource) : Optional.empty(),
                Target.parse(path).map(Target::resource));
        assertEquals(
                mounted ? Optional.of(resource) : Optional.empty(),
                Target.parse(path + "/").map(Target::resource));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/metrics//",
                "//metrics",
                "/%6detrics",
                "/metrics%2f",
                "/Metrics",
                "/metrics/x",
                "/metricsx",
                "/metric",
                "/cache//",
                "/cache/cache",
                "/cache/metrics",
                "/cachev1",
                "/cache/healthz",
                "metrics",
                "*",
                "/v1//cache",
                "//v1",
                "/v1/cache//",
                "/v1/cache//lease",
                "/v1/cache/id//",
                "/v1/cache/id/lease/x",
                "/v1/cache/a/b",
                "/v1/cache/a/metadatax",
                "/v1/cache/a/filesx",
                "/v1/cache//files",
                "/v1/cache//files/x",
                "/v1/cache/a/files/.",
                "/v1/cache/a/files/..",
                "/v1/cache/a/files/x/../y",
                "/v1/cache/a/files/%2e%2E/y",
                "/v1/cache/../files/y",
                "/v1/c%61che/id",
                "/v1/cache/id;x/y",
                "/v1/leases",
                "/v1/cache_id/x",
                "/x",
                "/v2"
            })
    void anythingElseIsNothing(String path) {
        assertEquals(Optional.empty(), Target.parse(path));
    }

    @Test
    void whatStandsBehindFilesIsTakenAsItWasSentSlashesToo() {
        assertEquals(
                target(Resource.ENTRY_MEMBER, "id", "a/%C3%BC//b"), Target.parse("/v1/cache/id/files/a/%C3%BC//b"));
        assertEquals(target(Resource.ENTRY_MEMBER, "id", "lease"), Target.parse("/v1/cache/id/files/lease/"));
        assertEquals(target(Resource.ENTRY_FILES, "id"), Target.parse("/v1/cache/id/files/"));
    }

    /** The way to another resource's name: a segment that stands where an id does is an id, or none. */
    @ParameterizedTest
    @CsvSource({
        "/v1/cache/lease, lease",
        "/v1/cache/lease/lease, lease",
        "/v1/cache/metadata/lease, metadata",
        "/v1/cache/%41, %41",
        "/v1/cache/..., ...",
        "/v1/cache/a%2Fb, a%2Fb",
        "/v1/cache/;, ;"
    })
    void whatStandsInAnIdsPlaceIsTakenAsItWasSent(String path, String segment) {
        assertEquals(Optional.of(segment), Target.parse(path).map(Target::segment));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "%2e", "%2E.", ".%2e", "%2e%2E"})
    void aDotSegmentIsNoId(String dots) {
        assertEquals(Optional.empty(), Target.parse("/v1/cache/" + dots));
        assertEquals(Optional.empty(), Target.parse("/v1/cache/" + dots + "/"));
        assertEquals(Optional.empty(), Target.parse("/cache/v1/cache/" + dots + "/lease"));
    }

    /** The routes as they were, on paths that nobody needs to bring into another form first. */
    private static final Map<Pattern, Resource> EXPRESSIONS = new LinkedHashMap<>();

    static {
        for (Resource resource : Resource.values()) {
            String mount = resource.mount() == Resource.Mount.BOTH ? "(?:/cache)?" : "";
            String path = resource.template().replace("{cache_id}", "([^/]+)").replace("{path}", "(.+?)");
            EXPRESSIONS.put(Pattern.compile(mount + path + "/?"), resource);
        }
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> segment = Arbitraries.of(
                "cache",
                "v1",
                "cache_id",
                "lease",
                "metadata",
                "files",
                "expire",
                "healthz",
                "readyz",
                "metrics",
                "id",
                "a.b",
                "x");
        return segment.list().ofMaxSize(6).flatMap(segments -> {
            String path = "/" + String.join("/", segments);
            return Arbitraries.of(path, path.equals("/") ? path : path + "/");
        });
    }

    @Property(tries = 4000)
    void aPathNamesWhatTheExpressionsMatched(@ForAll("paths") String path) {
        Optional<Target> matched = Optional.empty();
        for (Map.Entry<Pattern, Resource> route : EXPRESSIONS.entrySet()) {
            Matcher matcher = route.getKey().matcher(path);
            if (matched.isEmpty() && matcher.matches()) {
                matched = target(
                        route.getValue(),
                        matcher.groupCount() == 0 ? "" : matcher.group(1),
                        matcher.groupCount() < 2 ? "" : matcher.group(2));
            }
        }
        assertEquals(matched, Target.parse(path));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPathCostsItsLength() {
        assertEquals(Optional.empty(), Target.parse("/".repeat(LONG)));
        assertEquals(Optional.empty(), Target.parse("/v1/cache/" + "a/".repeat(LONG)));
        assertEquals(
                Optional.of(Resource.ENTRY_MEMBER),
                Target.parse("/v1/cache/a/files/" + "a/".repeat(LONG)).map(Target::resource));
        assertEquals(
                Optional.of(Resource.ENTRY),
                Target.parse("/v1/cache/" + "%2e".repeat(LONG)).map(Target::resource));
    }
}
