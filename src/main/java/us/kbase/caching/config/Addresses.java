package us.kbase.caching.config;

import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.config.source.WrongValue;
import us.kbase.caching.names.HostPort;

/** Kinds of values that say where somebody listens. Whatever cannot work as it is given is refused with what would. */
final class Addresses {

    private static final int PORT_MAX = 65_535;

    private Addresses() {}

    /** A host to listen on, without a port. */
    static Kind<String> host() {
        return Kind.scalar("a host's name or address", text -> {
            if (text.equals("*")) {
                throw new WrongValue("must be a host, not '*': 0.0.0.0 is every address of this machine");
            }
            if (text.contains("://") || text.contains("/")) {
                throw new WrongValue("must be a host alone, not a URL or path: take away all but the host");
            }
            HostPort parsed = clause(() -> HostPort.parse(text));
            if (parsed.port().isPresent()) {
                throw new WrongValue("must be a host alone: the port has a key of its own");
            }
            return parsed.host();
        });
    }

    /**
     * Whether requests to that URL leave the machine, and the network of its containers, for everybody on their way to read. A host
     * without a dot is a name that only a network of containers, or a machine itself, knows.
     */
    static boolean isReadableOnItsWay(URI url) {
        String host = String.valueOf(url.getHost());
        boolean near =
                host.startsWith("127.") || host.equals("[::1]") || (host.indexOf('.') < 0 && !host.startsWith("["));
        return "http".equalsIgnoreCase(url.getScheme()) && !near;
    }

    /** Where members of a cluster listen. */
    static Kind<Membership.Address> member() {
        return Kind.scalar("host[:port]", text -> clause(() -> Membership.Address.parse(text)));
    }

    static Kind<List<Membership.Address>> members() {
        return new Kind<>(
                "a list of host[:port], separated by commas",
                "",
                "",
                false,
                raw -> Kinds.items(raw).map(Addresses::memberOf).toList(),
                members -> String.join(
                        ",", members.stream().map(Membership.Address::toString).toList()));
    }

    private static Membership.Address memberOf(String item) {
        try {
            return Membership.Address.parse(item);
        } catch (IllegalArgumentException e) {
            throw new WrongValue("holds '" + item + "', which " + e.getMessage());
        }
    }

    /** Where web pages come from (RFC 6454 section 6.2). What no browser writes would allow nobody, so it is refused. */
    static Kind<Set<String>> origins() {
        return new Kind<>(
                "origins such as https://example.org, separated by commas, or *",
                "",
                "",
                false,
                raw -> origins(Kinds.items(raw).toList()),
                origins -> String.join(",", origins));
    }

    private static Set<String> origins(List<String> items) {
        if (items.contains("*") && items.size() > 1) {
            throw new WrongValue("holds * beside others: it means every page, so let it stand alone");
        }
        items.stream().filter(item -> !item.equals("*")).forEach(Addresses::checkOrigin);
        return new LinkedHashSet<>(items);
    }

    private static void checkOrigin(String item) {
        int hostStart = item.indexOf("://") + "://".length();
        if (hostStart < "://".length() + 1 || !item.equals(item.toLowerCase(Locale.ROOT))) {
            throw new WrongValue("holds '" + item + "': browsers write scheme://host[:port], in lower case");
        }
        if (item.indexOf('/', hostStart) >= 0) {
            throw new WrongValue("holds '" + item + "': an origin has no path, and no slash at its end");
        }
        HostPort host = originHost(item, item.substring(hostStart));
        boolean usual = item.startsWith("http://") && host.port().orElse(0) == 80
                || item.startsWith("https://") && host.port().orElse(0) == 443;
        if (usual) {
            throw new WrongValue("holds '" + item + "': browsers leave out the port that a scheme has anyway");
        }
    }

    private static HostPort originHost(String item, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongValue("holds '" + item + "', which " + e.getMessage());
        }
    }

    /** An S3 server: a scheme, a host, perhaps a port, and nothing else. */
    static Kind<URI> endpoint() {
        return Kind.scalar("an http or https URL", text -> {
            URI uri = server(text);
            if (!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
                throw new WrongValue(
                        "has a path, which no S3 endpoint has: take it away; the bucket is store.s3.bucket");
            }
            return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority());
        });
    }

    /** An auth server, kept letter by letter: it is a part of every cache id. */
    static Kind<URI> authServer() {
        return Kind.scalar("an http or https URL", Addresses::server);
    }

    /** A collector of traces; where no path is given, the one that OTLP over HTTP has by default. */
    static Kind<URI> collector() {
        return Kind.scalar("an http or https URL", text -> {
            URI uri = server(text);
            boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            return bare ? uri.resolve("/v1/traces") : uri;
        });
    }

    /** Hides what stands before the last {@code @}, which in a URL is a user and a password. */
    static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        String begin = scheme >= 0 && scheme < at ? text.substring(0, scheme + 3) : "";
        return at < 0 ? text : begin + "…" + text.substring(at);
    }

    private static URI server(String text) {
        if (!text.toLowerCase(Locale.ROOT).matches("https?://.*")) {
            throw new WrongValue(
                    "must be an http or https URL, not '" + withoutUser(text) + "': begin it with http:// or https://");
        }
        URI uri = parsed(text);
        if (uri.getRawUserInfo() != null
                || String.valueOf(uri.getRawAuthority()).indexOf('@') >= 0) {
            throw new WrongValue("holds a user or password before an @: take it away, it has keys of its own");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new WrongValue("holds a ? or #, which nothing can stand behind: take it away");
        }
        if (uri.getHost() == null) {
            throw new WrongValue(noHost(uri));
        }
        if (uri.getPort() == 0
                || uri.getPort() > PORT_MAX
                || uri.getRawAuthority().endsWith(":")) {
            throw new WrongValue("has no port from 1 to " + PORT_MAX + " behind the colon");
        }
        return uri;
    }

    private static URI parsed(String text) {
        int authority = text.indexOf("//") + 2;
        String behind = text.substring(authority);
        // A bare IPv6 address is clear as long as no port follows.
        boolean bare = !behind.startsWith("[") && NetUtil.isValidIpV6Address(behind);
        try {
            return new URI(bare ? text.substring(0, authority) + "[" + behind + "]" : text);
        } catch (URISyntaxException e) {
            throw new WrongValue("is no URL (" + e.getReason().toLowerCase(Locale.ROOT)
                    + "): a host, a colon and a port go behind //");
        }
    }

    /** What a parser says in its exception, which is a clause, as ours. */
    private static <T> T clause(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw new WrongValue(String.valueOf(e.getMessage()));
        }
    }

    /** Java finds no host in a URL without saying why. */
    private static String noHost(URI uri) {
        String host = clause(() -> HostPort.parse(String.valueOf(uri.getRawAuthority())))
                .host();
        return host.indexOf('_') >= 0
                ? "has a host with an underscore, which no URL may have: give the server another name"
                : "has no host behind //: write http://host:port";
    }
}
