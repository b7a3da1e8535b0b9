package us.kbase.caching.http.route;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.PercentEncoding;

/**
 * What a request's path names, read once. The path is compared as it was sent: an escape or a doubled slash makes another path,
 * so that this gateway and a proxy in front of it cannot read one path in two ways. Event loop only.
 *
 * @param resource what is named
 * @param segment the text in an id's place; empty where the path has none
 * @param rest what stands behind all of that, as it was sent; empty where nothing may
 */
public record Target(Resource resource, String segment, String rest) {

    private static final String KEY = "target";
    private static final String MOUNT = "/cache";

    /** What the path names, at the root or below {@code /cache}, with or without a slash at its end; nothing if there is no such path. */
    public static Optional<Target> parse(String path) {
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        boolean mounted = path.startsWith(MOUNT) && (end == MOUNT.length() || path.startsWith("/", MOUNT.length()));
        int from = mounted ? MOUNT.length() : 0;
        for (Resource resource : Resource.values()) {
            int idEnd = resource.idEnd(path, from, end);
            if (idEnd >= 0 && (!mounted || resource.mount() == Resource.Mount.BOTH)) {
                String segment = path.substring(resource.idStart(from), idEnd);
                String rest = path.substring(resource.restStart(idEnd), end);
                return isDots(segment) || hasDots(rest)
                        ? Optional.empty()
                        : Optional.of(new Target(resource, segment, rest));
            }
        }
        return Optional.empty();
    }

    private static boolean hasDots(String rest) {
        int at = 0;
        while (at < rest.length()) {
            int slash = rest.indexOf('/', at);
            int end = slash < 0 ? rest.length() : slash;
            if (isDots(rest.substring(at, end))) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /** Whether others would resolve the segment to another path (RFC 3986 section 5.2.4). */
    private static boolean isDots(String segment) {
        int dots = 0;
        int at = 0;
        while (at < segment.length()) {
            boolean escape = PercentEncoding.isEscape(segment, at);
            if ((escape ? PercentEncoding.escaped(segment, at) : segment.charAt(at)) != '.' || ++dots > 2) {
                return false;
            }
            at += escape ? 3 : 1;
        }
        return dots > 0;
    }

    /** Keeps this for the handlers of the request. */
    void keep(RoutingContext context) {
        context.put(KEY, this);
    }

    /** What the request's path names. */
    public static Target of(RoutingContext context) {
        return Objects.requireNonNull(context.get(KEY), "not routed");
    }

    /** The path of a file within a result; fails with {@code BadInput} for what is no percent-encoded UTF-8. */
    public static String member(RoutingContext context) {
        return PercentEncoding.decode(of(context).rest)
                .orElseThrow(() -> new Failure.BadInput("The path of a file must be percent-encoded UTF-8"));
    }

    /** The id in the request's path; fails with {@code NotFound} for a text that is no id: never sent to a store unchecked. */
    public static CacheId id(RoutingContext context) {
        return CacheId.parse(of(context).segment).orElseThrow(Failure.NotFound::new);
    }
}
