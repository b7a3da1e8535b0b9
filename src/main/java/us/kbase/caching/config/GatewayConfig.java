package us.kbase.caching.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.tls.TlsFiles;
import us.kbase.caching.trace.Traces;

/**
 * Everything that can be configured, checked. Text forms never show a secret.
 *
 * @param previous the store that results are moved from, while they are
 * @param cluster the other gateways, when there are any
 * @param metrics absent where none are shown
 * @param tracing absent where no traces are made
 */
public record GatewayConfig(
        Http http,
        Auth auth,
        Store store,
        Optional<Store> previous,
        Limits limits,
        Expiry expiry,
        Optional<Membership> cluster,
        Optional<Metrics> metrics,
        Optional<Traces.Settings> tracing) {

    /** One that moves nothing and makes no traces. */
    public GatewayConfig(
            Http http,
            Auth auth,
            Store store,
            Limits limits,
            Expiry expiry,
            Optional<Membership> cluster,
            Optional<Metrics> metrics) {
        this(http, auth, store, Optional.empty(), limits, expiry, cluster, metrics, Optional.empty());
    }

    /**
     * Where to listen.
     *
     * @param loops the number of event loops that serve
     * @param accessLog whether each request is logged, in a line of its own
     * @param corsOrigins whose pages' scripts may call; {@code *} for all, empty for none
     * @param stopGrace how long accepted requests may go on when the process is told to stop
     * @param tls how connections are secured; absent for plain ones
     */
    public record Http(
            String host,
            int port,
            int loops,
            boolean accessLog,
            Set<String> corsOrigins,
            Duration stopGrace,
            Optional<TlsFiles> tls) {}

    /**
     * Who is believed: the auth server's answers, or static tokens when no server is configured.
     *
     * @param adminRoles custom roles of the auth server that make an administrator
     * @param adminUsers users of static tokens that are administrators
     */
    public record Auth(
            Optional<URI> url,
            Map<Secret, String> userByToken,
            int cacheEntriesMax,
            Duration cacheMax,
            Set<String> adminRoles,
            Set<String> adminUsers) {

        /** Whether anybody can be known: without this a development token is made. */
        public boolean knowsSomebody() {
            return url.isPresent() || !userByToken.isEmpty();
        }
    }

    /** Where results are kept. */
    public sealed interface Store {
        /** By which checksum the bytes of results are known again. */
        DigestAlgorithm digest();

        /** The embedded store; it keeps a CRC32C in any case. */
        record Disk(Path path, boolean fsync, DigestAlgorithm digest) implements Store {
            /** A store with the usual checksum. */
            public Disk(Path path, boolean fsync) {
                this(path, fsync, DigestAlgorithm.CRC32C);
            }

            @Override
            public String toString() {
                return "the folder " + path.toAbsolutePath();
            }
        }

        /** An S3 server. */
        record S3(S3Connection connection, DigestAlgorithm digest) implements Store {
            /** A store with the usual checksum. */
            public S3(S3Connection connection) {
                this(connection, DigestAlgorithm.CRC32C);
            }

            @Override
            public String toString() {
                return "the bucket " + connection;
            }
        }
    }

    /**
     * What one gateway may use.
     *
     * @param uploadBytesMax the longest upload
     * @param s3Connections open connections to S3 per event loop; further calls wait
     * @param retentionBytes kept of unanswered parts, for all uploads together, so that a failed part can be sent again
     * @param collectBytes for bodies that must be collected: small files and parts of unknown length
     * @param waitMax the longest that a new transfer waits for a connection to S3 or for room to collect
     * @param users what one user may do
     */
    public record Limits(
            long uploadBytesMax,
            int s3Connections,
            long retentionBytes,
            long collectBytes,
            Duration waitMax,
            UserLimits.Settings users) {}

    /**
     * How long entries live, and when what is over is removed.
     *
     * @param sweep whether this node sweeps by itself
     * @param sweepPause between the end of one sweep and the next
     * @param uploadGrace after which an open multipart upload counts as abandoned
     */
    public record Expiry(Lifetimes lifetimes, boolean sweep, Duration sweepPause, Duration uploadGrace) {}

    /** The same with these static tokens: user by token. */
    public GatewayConfig withTokens(Map<Secret, String> userByToken) {
        Auth known = new Auth(
                auth.url(), userByToken, auth.cacheEntriesMax(), auth.cacheMax(), auth.adminRoles(), auth.adminUsers());
        return new GatewayConfig(http, known, store, previous, limits, expiry, cluster, metrics, tracing);
    }

    /** The same on another store, to which nothing is moved. */
    public GatewayConfig on(Store other) {
        return new GatewayConfig(http, auth, other, Optional.empty(), limits, expiry, cluster, metrics, tracing);
    }

    /**
     * Where the metrics are shown; absent when they are not.
     *
     * @param token what who asks must bring; always there when others than this machine can connect
     * @param secured whether they are shown by https
     */
    public record Metrics(String host, Port port, Optional<Secret> token, boolean secured) {

        /** A port to listen on, 0 for a free one. */
        public sealed interface Port {
            /** The number. */
            int number();

            /** One that was asked for: another would be of no use. */
            record Named(int number) implements Port {}

            /** The usual one, which nobody asked for: another does as well. */
            record Usual(int number) implements Port {}
        }
    }
}
