package us.kbase.caching.config;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.secret.Secret;

/**
 * The table of keys. The loader reads it, {@code check-config} shows it, and {@code conf/caching-service.yaml} and
 * {@code docs/configuration.md} are written from it, which a test holds.
 */
final class Keys {

    private static final long TEBIBYTE = 1L << 40;
    private static final long COLLECT_BYTES_MIN = 9 << 20;
    private static final long RETENTION_BYTES = 448 << 10;
    private static final int CLUSTER_SECRET_CHARS_MIN = 32;
    private static final int METRICS_TOKEN_CHARS_MIN = 16;
    private static final int DAYS_MAX = 36_500;

    /** Kept bytes are outside of the heap, in as much memory; half of that is left to transfers. */
    private static final long HEAP = Runtime.getRuntime().maxMemory();

    static final Key<String> HTTP_HOST = Key.of(
            "http.host",
            Addresses.host(),
            "127.0.0.1",
            "Address to listen on. 0.0.0.0 (or ::) serves the network: then configure auth.url.");
    static final Key<Integer> HTTP_PORT =
            Key.of("http.port", Kinds.count(0, 65_535), "5000", "TCP port; 0 takes a free one.");
    static final Key<Integer> HTTP_LOOPS = Key.computed(
            "http.loops",
            Kinds.count(1, 256),
            () -> Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 256),
            "2",
            "one per processor",
            "Event loops that serve (default: one per processor). More than processors slows.");
    static final Key<Boolean> HTTP_ACCESS_LOG = Key.of(
            "http.access-log",
            Kinds.flag(),
            "true",
            "A line for each request: id, method, path, status, bytes, milliseconds.");
    static final Key<Set<String>> HTTP_CORS_ORIGINS = Key.unset(
            "http.cors-origins",
            Addresses.origins(),
            "https://narrative.kbase.us",
            "Whose pages' scripts may call the gateway (CORS): origins as browsers write them, scheme://host[:port], separated by"
                    + " commas, or \"*\" for every page. Without it no reply speaks of CORS.");
    static final Key<Duration> HTTP_STOP = Key.of(
            "http.stop-seconds",
            Kinds.time(ChronoUnit.SECONDS, 0, 3_600),
            "25",
            "On SIGTERM nothing new is accepted and running requests get this long; then they are cut and their uploads"
                    + " aborted. A second signal ends the process at once.");

    static final Key<String> METRICS_HOST = Key.of(
            "metrics.host",
            Addresses.host(),
            "127.0.0.1",
            "Address to listen on. Any that other machines can reach needs metrics.token.");
    static final Key<Optional<GatewayConfig.Metrics.Port>> METRICS_PORT = Key.computed(
            "metrics.port",
            Kinds.portOrOff(),
            () -> Optional.of(new GatewayConfig.Metrics.Port.Usual(5001)),
            "5001",
            "5001",
            "TCP port; 0 takes a free one, off shows nothing. A port that is set here must be free; without it a taken 5001"
                    + " is replaced by a free one, which the log names.");
    static final Key<Secret> METRICS_TOKEN = Key.unset(
            "metrics.token",
            Kinds.bearerToken(METRICS_TOKEN_CHARS_MIN),
            "",
            "What who asks must bring, as Authorization: Bearer <token>; 16 characters or more. Better as"
                    + " CACHING_METRICS_TOKEN_FILE.");
    static final Key<Boolean> METRICS_TLS = Key.computed(
            "metrics.tls",
            Kinds.flag(),
            () -> false,
            "false",
            "true where http.tls.certificate is set and metrics.host is no loopback address",
            "Whether they are shown by https, with the certificate of http.tls; no certificate is asked of who scrapes.");

    static final Key<URI> AUTH_URL = Key.unset(
            "auth.url",
            Addresses.authServer(),
            "https://kbase.us/services/auth",
            "KBase auth server. Without it only the static tokens below are known, and without those a development token is"
                    + " made. It is part of every cache id.");
    static final Key<Map<Secret, String>> AUTH_TOKENS = Key.unset(
            "auth.tokens",
            Kinds.users(),
            "{some-long-token: alice}",
            "Static tokens for development, each with its user. Ignored when auth.url is set. In the environment"
                    + " token:user,token:user.");
    static final Key<Set<String>> AUTH_ADMIN_ROLES = Key.unset(
            "auth.admin-roles",
            Kinds.names(),
            "CACHE_ADMIN",
            "Custom roles of the auth server, separated by commas, whose holders may list, delete and expire everybody's"
                    + " entries.");
    static final Key<Set<String>> AUTH_ADMIN_USERS =
            Key.unset("auth.admin-users", Kinds.names(), "alice", "The same for users of static tokens.");
    static final Key<Integer> AUTH_CACHE_ENTRIES = Key.of(
            "auth.cache-entries", Kinds.count(1, 1_000_000), "10000", "Answers of the auth server kept in memory.");
    static final Key<Duration> AUTH_CACHE = Key.of(
            "auth.cache-seconds",
            Kinds.time(ChronoUnit.SECONDS, 0, 86_400),
            "300",
            "For how long; a revoked token works at most this long.");

    static final Key<Long> UPLOAD_BYTES = Key.of(
            "limits.upload-bytes-max",
            Kinds.number("bytes", 1, 5 * TEBIBYTE),
            "1099511627776",
            "Longest upload (1 TiB); longer ones get 413. Up to 5 TiB.");
    static final Key<Integer> S3_CONNECTIONS = Key.of(
            "limits.s3-connections",
            Kinds.count(1, 10_000),
            "48",
            "Calls to S3, and as many transfers, that may be busy at once per event loop; further ones wait, users in turns. While"
                    + " several users want a store that is busy, fewer are given to it. A transfer that waits for a slow client, or"
                    + " a call for a late answer, keeps its connection and does not count.");
    static final Key<Long> RETENTION = Key.of(
            "limits.retention-bytes",
            Kinds.number("bytes", 0, HEAP / 4).in("bytes", "0 to heap / 4"),
            Long.toString(RETENTION_BYTES),
            "Sent but unanswered bytes that all uploads may keep in memory, so that a failed part is sent again; up to heap / 4."
                    + " The default is for parts that S3 refuses at their beginning. To repeat any part of a few large uploads:"
                    + " 40000000 with CACHING_HEAP=192m.");
    static final Key<Long> COLLECT = Key.computed(
            "limits.collect-bytes",
            Kinds.number("bytes", COLLECT_BYTES_MIN, Math.max(COLLECT_BYTES_MIN, HEAP / 2))
                    .in("bytes", "9 MiB to heap / 2 less retention-bytes"),
            () -> Math.max(COLLECT_BYTES_MIN, HEAP / 4),
            "25165824",
            "heap / 4, at least 9 MiB",
            "For bodies whose length is not known before: forms up to 5 MiB and parts, taken in steps of 64 KiB as bytes arrive"
                    + " (default: heap / 4, at least 9 MiB; up to heap / 2 less retention-bytes). When it is used up, such forms"
                    + " are streamed and uploads without a length wait in order.");
    static final Key<Duration> WAIT = Key.of(
            "limits.wait-seconds",
            Kinds.time(ChronoUnit.SECONDS, 1, 3_600),
            "180",
            "A new transfer that waits longer for one of s3-connections or for room in collect-bytes gets 503 with Retry-After."
                    + " What has begun waits ten times as long, at most half an hour.");

    static final Key<Integer> USER_TRANSFERS = Key.of(
            "limits.user-transfers",
            Kinds.count(0, 1_000_000),
            "0",
            "Uploads and downloads that one user may have under way at once; further ones get 429 with Retry-After. 0 for any"
                    + " number. Administrators have no limit.");
    static final Key<Integer> USER_REQUESTS = Key.of(
            "limits.user-requests-per-second",
            Kinds.count(0, 1_000_000),
            "0",
            "Requests that one user may make in a second, on average and at once; further ones get 429 with Retry-After. 0 for"
                    + " any number. Administrators have no limit.");

    static final Key<Boolean> CLUSTER_ENABLED = Key.of(
            "cluster.enabled",
            Kinds.flag(),
            "false",
            "true needs store.type s3. Without it waiters hear of other gateways' results within a second.");
    static final Key<Membership.Address> CLUSTER_HOST = Key.of(
            "cluster.host",
            Addresses.member(),
            "127.0.0.1",
            "This gateway's address, host[:port]: members talk to it on this interface and port (5701), by TLS.");
    static final Key<List<Membership.Address>> CLUSTER_MEMBERS = Key.unset(
            "cluster.members",
            Addresses.members(),
            "[]",
            "Where other gateways may be found, each host[:port]; in the environment separated by commas.");
    static final Key<String> CLUSTER_NAME =
            Key.of("cluster.name", Kinds.text(), "caching-service", "Gateways of another name are strangers.");
    static final Key<Secret> CLUSTER_SECRET = Key.unset(
            "cluster.secret",
            Kinds.secret(CLUSTER_SECRET_CHARS_MIN),
            "",
            "Needed when enabled, the same for all members, at least 32 characters ('openssl rand -hex 32' makes one); also"
                    + " CACHING_CLUSTER_SECRET_FILE. Who does not show it is refused before anything is read.");

    static final Key<Integer> DAYS = Key.of(
            "expiry.days",
            Kinds.count(1, DAYS_MAX).in("days", "1 to " + DAYS_MAX),
            "30",
            "A result's days after its upload and after its last download.");
    static final Key<Integer> DAYS_MOST = Key.computed(
            "expiry.days-max",
            Kinds.count(1, DAYS_MAX).in("days", "expiry.days to " + DAYS_MAX),
            () -> 365,
            "365",
            "365, or expiry.days where that is more",
            "The most that an upload's header Cache-Expires-Days may ask for.");
    static final Key<Integer> PLACEHOLDER_DAYS = Key.of(
            "expiry.placeholder-days",
            Kinds.count(1, DAYS_MAX).in("days", "1 to " + DAYS_MAX),
            "7",
            "An id's days until its result must be there.");

    static final Key<Boolean> SWEEP = Key.of(
            "sweep.enabled",
            Kinds.flag(),
            "true",
            "false: this gateway does not sweep by itself; caching-service expire does it at any time.");
    static final Key<Duration> SWEEP_PAUSE = Key.of(
            "sweep.minutes",
            Kinds.time(ChronoUnit.MINUTES, 1, 525_600),
            "360",
            "From the end of one sweep to the next.");
    static final Key<Duration> UPLOAD_GRACE = Key.of(
            "sweep.upload-hours",
            Kinds.time(ChronoUnit.HOURS, 1, 8_760),
            "24",
            "After which an open multipart upload counts as abandoned and is aborted.");

    /** All of them, in the order of the documentation; keys of one section stand together. */
    static final List<Key<?>> ALL = Stream.<List<Key<?>>>of(
                    List.of(
                            HTTP_HOST,
                            HTTP_PORT,
                            HTTP_LOOPS,
                            HTTP_ACCESS_LOG,
                            HTTP_CORS_ORIGINS,
                            HTTP_STOP,
                            TlsKeys.CERTIFICATE,
                            TlsKeys.KEY,
                            TlsKeys.CLIENT_CA, //
                            METRICS_HOST,
                            METRICS_PORT,
                            METRICS_TOKEN,
                            METRICS_TLS, //
                            TracingKeys.OTLP,
                            TracingKeys.PERCENT,
                            TracingKeys.TOKEN, //
                            AUTH_URL,
                            AUTH_TOKENS,
                            AUTH_ADMIN_ROLES,
                            AUTH_ADMIN_USERS,
                            AUTH_CACHE_ENTRIES,
                            AUTH_CACHE),
                    StoreKeys.ALL,
                    List.of(
                            UPLOAD_BYTES,
                            S3_CONNECTIONS,
                            RETENTION,
                            COLLECT,
                            WAIT,
                            USER_TRANSFERS,
                            USER_REQUESTS, //
                            CLUSTER_ENABLED,
                            CLUSTER_HOST,
                            CLUSTER_MEMBERS,
                            CLUSTER_NAME,
                            CLUSTER_SECRET, //
                            DAYS,
                            DAYS_MOST,
                            PLACEHOLDER_DAYS, //
                            SWEEP,
                            SWEEP_PAUSE,
                            UPLOAD_GRACE))
            .flatMap(List::stream)
            .toList();

    /** What is said of a section. */
    static final Map<String, String> SECTIONS = Map.of(
            "http", "Where clients are served.",
            "metrics", "What the gateway shows of itself, for Prometheus, at http://host:port/metrics.",
            "tracing", "Where traces of requests go (docs/operation.md).",
            "auth", "Who is believed.",
            "store", "Where results are kept.",
            "previous",
                    "Where results were kept before: what is not in the store yet is read from there, until 'caching-service move'"
                            + " has copied it. Nothing is swept meanwhile.",
            "limits", "What one gateway may use.",
            "cluster",
                    "Gateways that wake each other's waiters. Only hints: several gateways may serve one bucket without it.",
            "expiry", "How long entries live.",
            "sweep", "Removal of what is over; in a cluster one gateway at a time does it.");

    private Keys() {}

    /** What collected bodies may take beside these kept bytes. */
    static long collectBytesMax(long retentionBytes) {
        return Math.max(COLLECT_BYTES_MIN, HEAP / 2 - retentionBytes);
    }
}
