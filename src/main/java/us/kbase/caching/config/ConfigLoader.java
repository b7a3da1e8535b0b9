package us.kbase.caching.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.config.source.DotEnv;
import us.kbase.caching.config.source.TextFile;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.tls.TlsFiles;

/** File, {@code .env} file and environment to a {@link GatewayConfig}; all that is wrong is reported at once. */
public final class ConfigLoader {

    private static final DotEnv.Content NO_DOT_ENV = new DotEnv.Content(Map.of(), List.of());

    private ConfigLoader() {}

    /**
     * Reads the configuration.
     *
     * @param file the configuration file, if there is one
     * @param dotEnv a file as docker compose reads it, which stands behind the environment; may be absent
     * @param environment the process's environment
     */
    public static LoadedConfig load(Optional<Path> file, Path dotEnv, Map<String, String> environment)
            throws ConfigException {
        List<String> problems = new ArrayList<>();
        List<String> read = new ArrayList<>();
        file.ifPresent(path -> read.add(path.toAbsolutePath().normalize().toString()));
        DotEnv.Content variables = dotEnv(dotEnv, environment, problems, read);
        Map<String, Raw> values =
                file.map(path -> YamlFile.read(path, problems)).orElse(Map.of());
        Sources sources = Sources.of(environment, variables.entries(), dotEnv, values, problems);
        GatewayConfig config = config(sources);
        sources.check();
        Stream<String> ofDotEnv = Stream.concat(variables.notes().stream(), withoutEffect(variables, environment))
                .map(note -> dotEnv + ", " + note);
        return new LoadedConfig(
                config,
                sources.effective(),
                List.copyOf(read),
                Stream.concat(ofDotEnv, tokensForAll(config.auth()).stream()).toList());
    }

    private static Optional<String> tokensForAll(GatewayConfig.Auth auth) {
        return auth.url()
                .filter(Addresses::isReadableOnItsWay)
                .map(url -> "auth.url begins with http://, so whoever is on the way to " + url.getHost()
                        + " can read every user's token: use https://.");
    }

    /** A heap or a form of the log that somebody chose where nobody looks for it. */
    private static Stream<String> withoutEffect(DotEnv.Content variables, Map<String, String> environment) {
        return variables.entries().entrySet().stream()
                .filter(entry ->
                        KeyNames.isOfTheEnvironmentAlone(entry.getKey()) && !environment.containsKey(entry.getKey()))
                .map(entry -> "line " + entry.getValue().line() + ": " + entry.getKey()
                        + " has no effect here: set it in the environment.");
    }

    private static DotEnv.Content dotEnv(
            Path file, Map<String, String> environment, List<String> problems, List<String> read) {
        if (!Files.exists(file)) {
            return NO_DOT_ENV;
        }
        read.add(file.toAbsolutePath().normalize().toString());
        try {
            return DotEnv.parse(TextFile.read(file), environment);
        } catch (IOException e) {
            problems.add("The file " + e.getMessage());
        } catch (DotEnv.Malformed e) {
            problems.add(file + ":" + e.line() + ": the line " + e.getMessage() + ".");
        }
        return NO_DOT_ENV;
    }

    private static GatewayConfig config(Sources sources) {
        GatewayConfig.Store store = store(sources);
        Optional<TlsFiles> tls = TlsKeys.files(sources);
        return new GatewayConfig(
                http(sources, tls),
                auth(sources),
                store,
                previous(sources, store),
                limits(sources),
                expiry(sources),
                cluster(sources, store),
                metrics(sources, tls.isPresent()),
                TracingKeys.settings(sources));
    }

    private static GatewayConfig.Http http(Sources sources, Optional<TlsFiles> tls) {
        return new GatewayConfig.Http(
                sources.get(Keys.HTTP_HOST),
                sources.get(Keys.HTTP_PORT),
                sources.get(Keys.HTTP_LOOPS),
                sources.get(Keys.HTTP_ACCESS_LOG),
                sources.find(Keys.HTTP_CORS_ORIGINS).orElse(Set.of()),
                sources.get(Keys.HTTP_STOP),
                tls);
    }

    private static GatewayConfig.Auth auth(Sources sources) {
        return new GatewayConfig.Auth(
                sources.find(Keys.AUTH_URL),
                sources.find(Keys.AUTH_TOKENS).orElse(Map.of()),
                sources.get(Keys.AUTH_CACHE_ENTRIES),
                sources.get(Keys.AUTH_CACHE),
                sources.find(Keys.AUTH_ADMIN_ROLES).orElse(Set.of()),
                sources.find(Keys.AUTH_ADMIN_USERS).orElse(Set.of()));
    }

    private static GatewayConfig.Expiry expiry(Sources sources) {
        int days = sources.get(Keys.DAYS);
        int atLeast = Math.max(days, sources.get(Keys.DAYS_MOST));
        int most = sources.find(Keys.DAYS_MOST).orElse(atLeast);
        sources.derive(Keys.DAYS_MOST, most, "");
        if (most < days) {
            sources.problem(Keys.DAYS_MOST, "must be at least expiry.days, which is " + days);
        }
        Lifetimes lifetimes = new Lifetimes(days, most, sources.get(Keys.PLACEHOLDER_DAYS));
        return new GatewayConfig.Expiry(
                lifetimes, sources.get(Keys.SWEEP), sources.get(Keys.SWEEP_PAUSE), sources.get(Keys.UPLOAD_GRACE));
    }

    private static GatewayConfig.Limits limits(Sources sources) {
        long retention = sources.get(Keys.RETENTION);
        long collect = sources.get(Keys.COLLECT);
        long collectMost = Keys.collectBytesMax(retention);
        if (collect > collectMost) {
            sources.problem(
                    Keys.COLLECT,
                    "must be at most " + collectMost + " with these limits.retention-bytes and CACHING_HEAP");
        }
        return new GatewayConfig.Limits(
                sources.get(Keys.UPLOAD_BYTES),
                sources.get(Keys.S3_CONNECTIONS),
                retention,
                collect,
                sources.get(Keys.WAIT),
                new UserLimits.Settings(sources.get(Keys.USER_TRANSFERS), sources.get(Keys.USER_REQUESTS)));
    }

    private static GatewayConfig.Store store(Sources sources) {
        Optional<String> chosenBy = sources.choosesS3();
        String type = sources.find(StoreKeys.STORE_TYPE)
                .orElse(chosenBy.isPresent() ? "s3" : sources.get(StoreKeys.STORE_TYPE));
        chosenBy.ifPresent(variable -> sources.derive(StoreKeys.STORE_TYPE, type, variable));
        DigestAlgorithm digest = sources.get(StoreKeys.DIGEST);
        GatewayConfig.Store.Disk disk = new GatewayConfig.Store.Disk(
                sources.get(StoreKeys.DISK_PATH), sources.get(StoreKeys.DISK_FSYNC), digest);
        GatewayConfig.Store.S3 s3 = new GatewayConfig.Store.S3(s3(sources, type.equals("s3")), digest);
        return type.equals("s3") ? s3 : disk;
    }

    private static S3Connection s3(Sources sources, boolean chosen) {
        Optional<Secret> secret = sources.findWhere(
                chosen,
                StoreKeys.S3_SECRET_KEY,
                "is missing: set it (or MINIO_SECRET_KEY, or …_FILE) to the S3 secret key");
        return new S3Connection(
                sources.get(StoreKeys.S3_ENDPOINT),
                sources.get(StoreKeys.S3_BUCKET),
                sources.get(StoreKeys.S3_ACCESS_KEY),
                secret.orElse(new Secret("")),
                sources.find(StoreKeys.S3_SESSION_TOKEN),
                sources.get(StoreKeys.S3_REGION),
                sources.get(StoreKeys.S3_PATH_STYLE),
                sources.find(StoreKeys.S3_CA_FILE),
                sources.get(Keys.S3_CONNECTIONS),
                sources.get(Keys.WAIT));
    }

    /** Of the store that results are moved from nothing is asked where none is named. */
    private static Optional<GatewayConfig.Store> previous(Sources sources, GatewayConfig.Store store) {
        Optional<String> type = sources.find(StoreKeys.PREVIOUS_TYPE);
        Optional<Path> folder = sources.find(StoreKeys.PREVIOUS_DISK_PATH);
        Optional<S3Connection> bucket =
                previousBucket(sources, type.filter("s3"::equals).isPresent());
        Optional<GatewayConfig.Store> previous = type.flatMap(named -> named.equals("s3")
                ? bucket.<GatewayConfig.Store>map(GatewayConfig.Store.S3::new)
                : folder.<GatewayConfig.Store>map(
                        path -> new GatewayConfig.Store.Disk(path, sources.get(StoreKeys.DISK_FSYNC))));
        if (type.filter("disk"::equals).isPresent() && folder.isEmpty()) {
            sources.problem(
                    StoreKeys.PREVIOUS_DISK_PATH, "is missing: set it to the folder that results are moved from");
        }
        if (previous.filter(other -> isSame(other, store)).isPresent()) {
            sources.problem(
                    StoreKeys.PREVIOUS_TYPE, "names the store itself: set what lies below previous to the other one");
        }
        return previous;
    }

    private static boolean isSame(GatewayConfig.Store one, GatewayConfig.Store other) {
        return one.toString().equals(other.toString());
    }

    private static Optional<S3Connection> previousBucket(Sources sources, boolean chosen) {
        Optional<URI> endpoint = sources.findWhere(
                chosen,
                StoreKeys.PREVIOUS_S3_ENDPOINT,
                "is missing: set it to the S3 server that results are moved from");
        Optional<Secret> secret = sources.findWhere(
                chosen, StoreKeys.PREVIOUS_S3_SECRET_KEY, "is missing: set it (or …_FILE) to that server's secret key");
        S3Connection bucket = new S3Connection(
                endpoint.orElse(URI.create("http://none")),
                sources.get(StoreKeys.PREVIOUS_S3_BUCKET),
                sources.get(StoreKeys.PREVIOUS_S3_ACCESS_KEY),
                secret.orElse(new Secret("")),
                sources.find(StoreKeys.PREVIOUS_S3_SESSION_TOKEN),
                sources.get(StoreKeys.PREVIOUS_S3_REGION),
                sources.get(StoreKeys.PREVIOUS_S3_PATH_STYLE),
                sources.find(StoreKeys.PREVIOUS_S3_CA_FILE),
                sources.get(Keys.S3_CONNECTIONS),
                sources.get(Keys.WAIT));
        return Optional.of(bucket).filter(asked -> endpoint.isPresent());
    }

    private static Optional<Membership> cluster(Sources sources, GatewayConfig.Store store) {
        boolean enabled = sources.get(Keys.CLUSTER_ENABLED);
        if (enabled && store instanceof GatewayConfig.Store.Disk) {
            sources.problem(
                    Keys.CLUSTER_ENABLED, "needs store.type s3: the folder of the disk store belongs to one gateway");
        }
        // A short one could be found by trying: gateways show strangers a certificate that is made from it.
        Optional<Secret> secret = sources.findWhere(
                enabled,
                Keys.CLUSTER_SECRET,
                "is missing: set it (or " + Keys.CLUSTER_SECRET.environmentName() + ", or …_FILE) the same for all"
                        + " gateways of the cluster; 'openssl rand -hex 32' makes one");
        Membership membership = new Membership(
                sources.get(Keys.CLUSTER_NAME),
                secret.orElse(new Secret("")),
                sources.get(Keys.CLUSTER_HOST),
                sources.find(Keys.CLUSTER_MEMBERS).orElse(List.of()));
        return Optional.of(membership).filter(known -> enabled);
    }

    private static Optional<GatewayConfig.Metrics> metrics(Sources sources, boolean tls) {
        String host = sources.get(Keys.METRICS_HOST);
        Optional<Secret> token = sources.find(Keys.METRICS_TOKEN);
        Optional<GatewayConfig.Metrics.Port> port = sources.get(Keys.METRICS_PORT);
        if (port.isPresent() && token.isEmpty() && !HostPort.isLoopback(host)) {
            sources.problem(
                    Keys.METRICS_HOST,
                    "lets other machines connect: set metrics.token, which they must then bring, or take 127.0.0.1");
        }
        boolean secured = TlsKeys.metrics(sources, tls, host);
        return port.map(chosen -> new GatewayConfig.Metrics(host, chosen, token, secured));
    }
}
