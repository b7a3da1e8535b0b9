package us.kbase.caching.cli.upkeep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.verify.Verification;
import us.kbase.caching.verify.VerifyReport;

/** Reads results at rest and compares them with the digests that they were stored with. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Reads results in the configured store and compares them with the digests of their uploads, also while gateways"
                        + " serve it: the one that owns an embedded store is asked to do it. Nothing is removed; the embedded"
                        + " store moves to its folder 'damaged' what it finds damaged, and the job computes again.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:What was read is what was uploaded.",
            "1:It ended early, an entry could not be read, a named id has no result, or there is no store, or it does not"
                    + " answer.",
            "2:The command line is wrong.",
            "3:Damaged results were found; they are named."
        },
        footer = {"", "Sample: caching-service verify --all --rate 200"})
public final class Verify implements Callable<Integer> {

    private static final int MISUSED = 2;
    private static final int DAMAGED = 3;
    private static final int RATE_MAX = 100_000;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Cache ids of the results to read.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Reads every result.")
    private boolean all;

    @Option(
            names = "--rate",
            paramLabel = "MIB",
            defaultValue = "100",
            description = "The most that is read a second, in MiB (default: 100).")
    private int rateMib;

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<CacheId> named =
                ids.stream().flatMap(id -> CacheId.parse(id).stream()).toList();
        Optional<String> wrong = wrong(named);
        if (wrong.isPresent()) {
            System.err.println("caching-service: " + wrong.get());
            return MISUSED;
        }
        Optional<GatewayConfig> loaded = config.loadOrTell();
        return loaded.isEmpty() ? 1 : told(verified(loaded.get(), named));
    }

    private Optional<String> wrong(List<CacheId> named) {
        if (all == !ids.isEmpty()) {
            return Optional.of("Name the cache ids to verify, or give --all.");
        }
        if (named.size() < ids.size()) {
            return Optional.of("A cache id is " + CacheId.FORM + ".");
        }
        return rateMib < 1 || rateMib > RATE_MAX
                ? Optional.of("--rate must be a whole number from 1 to " + RATE_MAX + ".")
                : Optional.empty();
    }

    private VerifyReport verified(GatewayConfig loaded, List<CacheId> named) throws IOException, InterruptedException {
        if (StoreOwner.of(loaded.store()) instanceof StoreOwner.RunningGateway gateway) {
            try (GatewayClient client = gateway.client()) {
                return verified(new RemoteStore(client), named);
            }
        }
        return StoreSession.with(loaded, (vertx, store, time) -> {
            Verification verification = new Verification(vertx, store, (long) rateMib << 20);
            return all ? verification.all() : verification.these(named);
        });
    }

    private VerifyReport verified(RemoteStore store, List<CacheId> named) throws IOException, InterruptedException {
        String query = "?rate=" + rateMib;
        if (all) {
            return store.verify(query);
        }
        VerifyReport report = VerifyReport.NOTHING;
        for (CacheId id : named) {
            report = report.plus(store.verify(query + "&id=" + id.value()));
        }
        return report;
    }

    private int told(VerifyReport report) {
        System.out.print(json ? Table.json(report.fields()) + System.lineSeparator() : table(report));
        report.stopped().ifPresent(why -> System.err.println("caching-service: It ended early: " + why + "."));
        boolean missing = !all && report.absent() > 0;
        if (missing) {
            System.err.println("caching-service: Of the named cache ids " + report.absent() + " have no result.");
        }
        if (report.damaged() > 0) {
            return DAMAGED;
        }
        return missing || report.stopped().isPresent() || report.failed() > 0 ? 1 : 0;
    }

    private static String table(VerifyReport report) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("Entries", report.entries());
        rows.put("Verified", report.verified());
        rows.put("Bytes read", report.bytes());
        rows.put("Damaged", report.damaged());
        rows.put("Without a digest, not read", report.unknown());
        rows.put("Changed meanwhile", report.changed());
        rows.put("Not there", report.absent());
        rows.put("Not read, the store failed", report.failed());
        StringBuilder table = new StringBuilder(Table.text(rows));
        report.shown()
                .forEach(one -> table.append(one.cacheId())
                        .append("  ")
                        .append(one.how())
                        .append(System.lineSeparator()));
        return table.toString();
    }
}
