package us.kbase.caching.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;

/** Reads the configuration, says everything that is wrong with it, and shows what is in effect. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = "Checks the configuration and shows it without secrets. Sample: caching-service check-config")
final class CheckConfig implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--connect",
            description = "Also asks the store and the auth server; exit code 1 when one cannot serve.")
    private boolean connect;

    @Override
    public Integer call() {
        try {
            GatewayConfig loaded = config.load();
            inEffect(loaded).forEach((key, value) -> System.out.println(key + ": " + value));
            return connect ? connected(loaded) : 0;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 1;
        }
    }

    private static int connected(GatewayConfig config) {
        List<String> problems = Reachability.problems(config);
        problems.forEach(System.err::println);
        if (problems.isEmpty()) {
            System.out.println("The store and the auth server answer.");
        }
        return problems.isEmpty() ? 0 : 1;
    }

    private static Map<String, Object> inEffect(GatewayConfig config) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("http.host", config.http().host());
        shown.put("http.port", config.http().port());
        shown.put("http.loops", config.http().loops());
        shown.put("http.access-log", config.http().accessLog());
        shown.put("http.stop-seconds", config.http().stopGrace().toSeconds());
        shown.put(
                "metrics.port",
                config.metrics().map(m -> Integer.toString(m.port().number())).orElse("off"));
        config.metrics().ifPresent(metrics -> {
            shown.put("metrics.host", metrics.host());
            shown.put("metrics.token", metrics.token().isPresent() ? "(set)" : "(none)");
        });
        shown.put("auth.url", config.auth().url().map(URI::toString).orElse("(none)"));
        shown.put("auth.tokens", config.auth().userByToken().size() + " static tokens");
        shown.put("auth.admin-roles", String.join(",", config.auth().adminRoles()));
        shown.put("auth.admin-users", String.join(",", config.auth().adminUsers()));
        shown.put("auth.cache-entries", config.auth().cacheEntriesMax());
        shown.put("auth.cache-seconds", config.auth().cacheMax().toSeconds());
        switch (config.store()) {
            case GatewayConfig.Store.Disk disk -> {
                shown.put("store.type", "disk");
                shown.put("store.disk.path", disk.path().toAbsolutePath());
                shown.put("store.disk.fsync", disk.fsync());
            }
            case GatewayConfig.Store.S3 s3 -> {
                shown.put("store.type", "s3");
                shown.put("store.s3.endpoint", s3.endpoint());
                shown.put("store.s3.bucket", s3.bucket());
                shown.put("store.s3.access-key", s3.accessKey());
                shown.put("store.s3.secret-key", "(set)");
                shown.put(
                        "store.s3.session-token",
                        s3.sessionToken().map(t -> "(set)").orElse("(none)"));
                shown.put("store.s3.region", s3.region());
                shown.put("store.s3.path-style", s3.pathStyle());
                shown.put("store.s3.ca-file", s3.caFile().map(Path::toString).orElse("(none)"));
            }
        }
        shown.put("limits.upload-bytes-max", config.limits().uploadBytesMax());
        shown.put("limits.s3-connections", config.limits().s3Connections());
        shown.put("limits.retention-bytes", config.limits().retentionBytes());
        shown.put("limits.collect-bytes", config.limits().collectBytes());
        shown.put("limits.wait-seconds", config.limits().waitMax().toSeconds());
        shown.put("expiry.days", config.expiry().lifetimes().fileDays());
        shown.put("expiry.days-max", config.expiry().lifetimes().fileDaysMax());
        shown.put("expiry.placeholder-days", config.expiry().lifetimes().placeholderDays());
        shown.put("sweep.enabled", config.expiry().sweep());
        shown.put("sweep.minutes", config.expiry().sweepPause().toMinutes());
        shown.put("sweep.upload-hours", config.expiry().uploadGrace().toHours());
        shown.put("cluster.enabled", config.cluster().isPresent());
        config.cluster().ifPresent(cluster -> {
            shown.put("cluster.host", cluster.host());
            shown.put("cluster.members", String.join(",", cluster.members()));
            shown.put("cluster.name", cluster.name());
            shown.put("cluster.secret", "(set)");
        });
        return shown;
    }
}
