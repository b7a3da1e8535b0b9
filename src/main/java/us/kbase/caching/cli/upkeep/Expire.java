package us.kbase.caching.cli.upkeep;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.OpenedStore;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;

/** One sweep of the whole store, now. */
@Command(
        name = "expire",
        mixinStandardHelpOptions = true,
        description =
                "Removes expired entries and abandoned uploads from the configured store, also while gateways serve it:"
                        + " the one that owns an embedded store is asked to do it. Takes a quarter of a minute at least when a"
                        + " result goes. Removes nothing while 'previous' is set, since what was replaced or removed would come back"
                        + " from there.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The whole store was swept.",
            "1:The sweep stopped early, there is no store, it does not answer, or 'previous' is set.",
            "2:The command line is wrong."
        },
        footer = {"", "Sample: caching-service expire --dry-run"})
public final class Expire implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--dry-run", description = "Counts, and removes nothing.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "Goes on where suspiciously many entries have expired (a fifth of a thousand keys).")
    private boolean force;

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<GatewayConfig> loaded = config.loadOrTell();
        if (loaded.isEmpty()) {
            return 1;
        }
        if (!dryRun && loaded.get().previous().isPresent()) {
            System.err.println("caching-service: " + OpenedStore.UNSWEPT);
            return 1;
        }
        SweepReport report = swept(loaded.get());
        System.out.print(json ? Table.json(fields(report)) + System.lineSeparator() : table(report));
        report.stopped().ifPresent(why -> System.err.println("caching-service: The sweep stopped: " + why + "."));
        return report.stopped().isPresent() ? 1 : 0;
    }

    private SweepReport swept(GatewayConfig loaded) throws IOException, InterruptedException {
        if (StoreOwner.of(loaded.store()) instanceof StoreOwner.RunningGateway gateway) {
            try (GatewayClient client = gateway.client()) {
                return new RemoteStore(client).sweep("?dry_run=" + dryRun + "&force=" + force);
            }
        }
        SweepOptions options = new SweepOptions(
                dryRun ? SweepOptions.Effect.COUNT : SweepOptions.Effect.REMOVE,
                force ? SweepOptions.Stops.IGNORE : SweepOptions.Stops.HEED,
                Duration.ZERO,
                loaded.expiry().uploadGrace());
        return StoreSession.with(loaded, (vertx, store, time) -> new Sweep(vertx, store, time, options).run());
    }

    private String table(SweepReport report) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("Objects", report.objects());
        rows.put("Entries of this service", report.entries());
        rows.put("Expired", report.expired());
        rows.put(dryRun ? "Removed (dry run)" : "Removed", report.removed());
        rows.put("Spared for now", report.spared());
        rows.put("Not judged, the store failed", report.failed());
        rows.put("Objects of others, which stay", report.foreign());
        rows.put(dryRun ? "Abandoned uploads" : "Abandoned uploads ended", report.uploads());
        return Table.text(rows);
    }

    private Map<String, Object> fields(SweepReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dry_run", dryRun);
        fields.putAll(report.fields());
        return fields;
    }
}
