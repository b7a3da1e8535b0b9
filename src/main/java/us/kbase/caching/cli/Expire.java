package us.kbase.caching.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;

/** One sweep of the whole store, now. */
@Command(
        name = "expire",
        mixinStandardHelpOptions = true,
        description =
                "Removes expired entries and abandoned uploads from the configured store, also while gateways serve it;"
                        + " takes a quarter of a minute at least when a result goes. Sample: caching-service expire --dry-run")
final class Expire implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--dry-run", description = "Counts, and removes nothing.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "Goes on where suspiciously many entries have expired (a fifth of a thousand keys).")
    private boolean force;

    @Override
    public Integer call() throws IOException, InterruptedException {
        GatewayConfig loaded;
        try {
            loaded = config.load();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 1;
        }
        SweepOptions options = new SweepOptions(
                dryRun ? SweepOptions.Effect.COUNT : SweepOptions.Effect.REMOVE,
                force ? SweepOptions.Stops.IGNORE : SweepOptions.Stops.HEED,
                Duration.ZERO,
                loaded.expiry().uploadGrace());
        SweepReport report =
                StoreSession.with(loaded, (vertx, store, time) -> new Sweep(vertx, store, time, options).run());
        System.out.println((dryRun ? "Dry run. " : "") + report.summary());
        return report.stopped().isPresent() ? 1 : 0;
    }
}
