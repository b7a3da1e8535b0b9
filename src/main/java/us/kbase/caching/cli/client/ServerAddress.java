package us.kbase.caching.cli.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Where a gateway is: a URL, or a host as people type it.
 *
 * @param base without a slash at its end; the routes begin behind it
 */
public record ServerAddress(URI base) {

    /** The port of a gateway that nobody configured; taken when a host stands alone. */
    public static final int USUAL_PORT = 5000;

    private static final int PORT_MAX = 65_535;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /**
     * Reads {@code http://HOST[:PORT][/PATH]}, {@code https://…}, or {@code HOST[:PORT]}, which means http and port 5000.
     *
     * @throws IllegalArgumentException with a sentence that says how to write it
     */
    public static ServerAddress parse(String text) {
        String given = text.strip();
        boolean bare = !given.contains("://");
        URI uri = uri(text, bare ? "http://" + given : given);
        check(text, uri);
        String path = uri.getRawPath().replaceFirst("/+$", "");
        int port = bare && uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
        return new ServerAddress(URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getHost()
                + (port < 0 ? "" : ":" + port) + path));
    }

    private static URI uri(String text, String whole) {
        try {
            return new URI(whole);
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
    }

    private static void check(String text, URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!SCHEMES.contains(scheme) || uri.getHost() == null || !plain || uri.getPort() > PORT_MAX) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text.strip()
                + "' is no address of a gateway; write http://HOST:PORT, https://HOST, or HOST:PORT,"
                + " for example localhost:5000 or [::1]:5000.");
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
