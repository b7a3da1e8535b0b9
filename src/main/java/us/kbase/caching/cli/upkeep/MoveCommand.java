package us.kbase.caching.cli.upkeep;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.move.Move;
import us.kbase.caching.move.MoveReport;

/** Copies what a previous store has and the configured one has not. */
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description =
                "Copies every living entry from the store that 'previous' names to the store that 'store' names, with its metadata"
                        + " and its day of last use, compares digests, and removes nothing. Gateways with the same configuration"
                        + " read what is not copied yet through to the previous store, so nothing is missed meanwhile. What the"
                        + " new store has of its own stays, so it has to be empty of entries when a move begins. Run it only when the"
                        + " old gateways are stopped: a copy made while they still serve hides what they replace or delete later."
                        + " May be broken off and repeated; a second run finds nothing to copy."
                        + " A gateway that owns an embedded store moves by itself and says so in its log.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The new store has everything.",
            "1:Entries changed meanwhile or could not be copied, or a store does not answer: run it again.",
            "2:The command line is wrong.",
            "3:Entries are damaged; they are named and were not copied, or taken back."
        },
        footer = {"", "Sample: caching-service move -c conf/caching-service.yaml"})
public final class MoveCommand implements Callable<Integer> {

    private static final int DAMAGED = 3;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<GatewayConfig> loaded = config.loadOrTell();
        if (loaded.isEmpty()) {
            return 1;
        }
        Optional<GatewayConfig.Store> previous = loaded.get().previous();
        if (previous.isEmpty()) {
            System.err.println(
                    "caching-service: Nothing names the store to move from: set previous.type and what lies below"
                            + " it (docs/move.md).");
            return 1;
        }
        return told(moved(loaded.get(), previous.get()));
    }

    private static MoveReport moved(GatewayConfig loaded, GatewayConfig.Store previous)
            throws IOException, InterruptedException {
        return StoreSession.between(
                loaded.on(previous),
                loaded.on(loaded.store()),
                (vertx, from, to, time) ->
                        new Move(vertx, from, to, time, loaded.store().digest()).run());
    }

    private int told(MoveReport report) {
        System.out.print(json ? Table.json(report.numbers()) + System.lineSeparator() : table(report));
        report.stopped().ifPresent(why -> System.err.println("caching-service: It ended early: " + why + "."));
        if (report.damaged() > 0) {
            return DAMAGED;
        }
        return report.isWhole() ? 0 : 1;
    }

    private static String table(MoveReport report) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("Entries in the previous store", report.entries());
        rows.put("Copied", report.copied());
        rows.put("Bytes copied", report.bytes());
        rows.put("Copied before, and equal", report.same());
        rows.put("Not copied, the new store has its own", report.there());
        rows.put("Not copied, expired or removed", report.over());
        rows.put("Objects of others, not copied", report.foreign());
        rows.put("Changed meanwhile", report.changed());
        rows.put("Damaged", report.damaged());
        rows.put("Failed", report.failed());
        StringBuilder table = new StringBuilder(Table.text(rows));
        report.shown()
                .forEach(one -> table.append(one.cacheId())
                        .append("  ")
                        .append(one.why())
                        .append(System.lineSeparator()));
        return table.toString();
    }
}
