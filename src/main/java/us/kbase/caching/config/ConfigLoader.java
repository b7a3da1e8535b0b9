package us.kbase.caching.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import us.kbase.caching.cache.Lifetimes;

/** File, {@code .env} file and environment to a {@link GatewayConfig}; all that is wrong is reported at once. */
public final class ConfigLoader {

    private static final long TEBIBYTE = 1L << 40;
    private static final long MEBIBYTE = 1L << 20;
    private static final long COLLECT_BYTES_MIN = 9 * MEBIBYTE;
    private static final long RETENTION_BYTES = 448 << 10;
    private static final int SECRET_LENGTH_MIN = 32;
    private static final String ADDRESS = "[0-9A-Za-z._-]+(:[1-9][0-9]{0,4})?";

    private ConfigLoader() {}

    /**
     * Reads the configuration.
     *
     * @param file the configuration file, if there is one
     * @param dotEnv a file of {@code NAME=value} lines that stand behind the environment; may be absent
     * @param environment the process's environment
     */
    public static GatewayConfig load(Optional<Path> file, Path dotEnv, Map<String, String> environment)
            throws ConfigException {
        Map<String, String> merged = new HashMap<>(dotEnv(dotEnv));
        merged.putAll(environment);
        Settings settings = new Settings(merged);
        file.ifPresent(settings::readFile);
        originalNames(settings, merged);
        GatewayConfig.Store store = store(settings);
        GatewayConfig config = new GatewayConfig(
                http(settings),
                auth(settings),
                store,
                limits(settings),
                expiry(settings),
                cluster(settings, store),
                MetricsKeys.read(settings));
        settings.check();
        return config;
    }

    private static Map<String, String> dotEnv(Path file) throws ConfigException {
        Map<String, String> found = new HashMap<>();
        if (!Files.isReadable(file)) {
            return found;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    String value = line.substring(equals + 1).strip().replaceAll("^([\"'])(.*)\\1$", "$2");
                    found.put(
                            line.substring(0, equals)
                                    .replaceFirst("^export ", "")
                                    .strip(),
                            value);
                }
            }
            return found;
        } catch (IOException e) {
            throw new ConfigException(List.of("The file " + file + " cannot be read."));
        }
    }

    /** The names that the original service read; {@code SECRET_KEY} signed its cookies, and there are none here. */
    private static void originalNames(Settings settings, Map<String, String> environment) {
        boolean secure = environment
                .getOrDefault("MINIO_SECURE", "")
                .toLowerCase(Locale.ROOT)
                .matches("true|1|yes|on");
        settings.alias("MINIO_HOST", "store.type", v -> "s3");
        settings.alias("MINIO_SECRET_KEY", "store.type", v -> "s3");
        settings.alias(
                "MINIO_HOST",
                "store.s3.endpoint",
                host -> host.contains("://") ? host : (secure ? "https://" : "http://") + host);
        settings.alias("MINIO_BUCKET_NAME", "store.s3.bucket", v -> v);
        settings.alias("MINIO_ACCESS_KEY", "store.s3.access-key", v -> v);
        settings.alias("MINIO_SECRET_KEY", "store.s3.secret-key", v -> v);
        settings.alias("KBASE_AUTH_URL", "auth.url", v -> v);
        settings.alias("WORKERS", "http.loops", v -> v);
    }

    private static GatewayConfig.Http http(Settings settings) {
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
        return new GatewayConfig.Http(
                settings.text("http.host", "127.0.0.1"),
                (int) settings.number("http.port", 5000, 0, 65_535),
                (int) settings.number("http.loops", loops, 1, 256),
                settings.flag("http.access-log", true),
                Duration.ofSeconds(settings.number("http.stop-seconds", 25, 0, 3_600)));
    }

    private static GatewayConfig.Auth auth(Settings settings) {
        Optional<URI> url = settings.parsed(
                "auth.url", Optional.empty(), "an http or https URL", text -> Optional.of(httpUri(text)));
        return new GatewayConfig.Auth(
                url,
                settings.below("auth.tokens."),
                (int) settings.number("auth.cache-entries", 10_000, 1, 1_000_000),
                Duration.ofSeconds(settings.number("auth.cache-seconds", 300, 0, 86_400)),
                names(settings.text("auth.admin-roles", "")),
                names(settings.text("auth.admin-users", "")));
    }

    private static Set<String> names(String commaSeparated) {
        return Stream.of(commaSeparated.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static GatewayConfig.Expiry expiry(Settings settings) {
        int days = (int) settings.number("expiry.days", 30, 1, 36_500);
        Lifetimes lifetimes =
                new Lifetimes(days, (int) settings.number("expiry.days-max", Math.max(365, days), days, 36_500), (int)
                        settings.number("expiry.placeholder-days", 7, 1, 36_500));
        return new GatewayConfig.Expiry(
                lifetimes,
                settings.flag("sweep.enabled", true),
                Duration.ofMinutes(settings.number("sweep.minutes", 360, 1, 525_600)),
                Duration.ofHours(settings.number("sweep.upload-hours", 24, 1, 8_760)));
    }

    private static GatewayConfig.Store store(Settings settings) {
        String type = settings.parsed("store.type", "disk", "disk or s3", text -> {
            if (!text.equals("disk") && !text.equals("s3")) {
                throw new IllegalArgumentException();
            }
            return text;
        });
        Path path = Path.of(settings.text("store.disk.path", "data"));
        boolean fsync = settings.flag("store.disk.fsync", true);
        GatewayConfig.Store.S3 s3 = s3(settings, type.equals("s3"));
        return type.equals("s3") ? s3 : new GatewayConfig.Store.Disk(path, fsync);
    }

    private static GatewayConfig.Store.S3 s3(Settings settings, boolean chosen) {
        Optional<String> secret = settings.text("store.s3.secret-key");
        if (chosen && secret.isEmpty()) {
            settings.problem("store.s3.secret-key", "is missing: set it (or MINIO_SECRET_KEY) to the S3 secret key.");
        }
        URI endpoint = settings.parsed(
                "store.s3.endpoint", URI.create("http://minio:9000"), "an http or https URL", ConfigLoader::httpUri);
        String bucket = settings.parsed(
                "store.s3.bucket", "kbase-cache", "a bucket name (3 to 63 of a-z, 0-9, '.', '-')", text -> {
                    if (!text.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                });
        return new GatewayConfig.Store.S3(
                endpoint,
                bucket,
                settings.text("store.s3.access-key", "minio"),
                secret.orElse(""),
                settings.text("store.s3.session-token"),
                settings.text("store.s3.region", "us-east-1"),
                settings.flag("store.s3.path-style", true),
                settings.text("store.s3.ca-file").map(Path::of));
    }

    private static GatewayConfig.Limits limits(Settings settings) {
        // Kept bytes are outside of the heap, in as much memory; half of that is left to transfers.
        long heap = Runtime.getRuntime().maxMemory();
        long retention = settings.number("limits.retention-bytes", RETENTION_BYTES, 0, heap / 4);
        long collectMax = Math.max(COLLECT_BYTES_MIN, heap / 2 - retention);
        long collectUsual = Math.max(COLLECT_BYTES_MIN, heap / 4);
        return new GatewayConfig.Limits(
                settings.number("limits.upload-bytes-max", TEBIBYTE, 1, 5 * TEBIBYTE),
                (int) settings.number("limits.s3-connections", 48, 1, 10_000),
                retention,
                settings.number("limits.collect-bytes", collectUsual, COLLECT_BYTES_MIN, collectMax),
                Duration.ofSeconds(settings.number("limits.wait-seconds", 180, 1, 3_600)));
    }

    private static Optional<GatewayConfig.Cluster> cluster(Settings settings, GatewayConfig.Store store) {
        boolean enabled = settings.flag("cluster.enabled", false);
        String host = settings.parsed("cluster.host", "127.0.0.1", "host[:port]", ConfigLoader::address);
        List<String> members = settings.list("cluster.members").stream()
                .filter(member -> !member.isEmpty())
                .toList();
        for (String member : members) {
            if (!member.matches(ADDRESS)) {
                settings.problem("cluster.members", "must be a list of host[:port], not '" + member + "'.");
            }
        }
        String name = settings.text("cluster.name", "caching-service");
        if (enabled && store instanceof GatewayConfig.Store.Disk) {
            settings.problem(
                    "cluster.enabled", "needs store.type s3: the folder of the disk store belongs to one gateway.");
        }
        String secret = secret(settings, enabled);
        return enabled ? Optional.of(new GatewayConfig.Cluster(host, members, name, secret)) : Optional.empty();
    }

    /** A short one could be found by trying: gateways show strangers a certificate that is made from it. */
    private static String secret(Settings settings, boolean needed) {
        String secret = settings.text("cluster.secret", "");
        String how = " the same for all gateways of the cluster and at least " + SECRET_LENGTH_MIN
                + " characters; 'openssl rand -hex 32' makes one.";
        if (needed && secret.isEmpty()) {
            settings.problem(
                    "cluster.secret",
                    "is missing: set it (or " + Settings.environmentName("cluster.secret") + ", or …_FILE)," + how);
        } else if (!secret.isEmpty() && secret.length() < SECRET_LENGTH_MIN) {
            settings.problem("cluster.secret", "is too short: it must be" + how);
        }
        return secret;
    }

    private static String address(String text) {
        if (!text.matches(ADDRESS)) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static URI httpUri(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException();
        }
        return uri;
    }
}
