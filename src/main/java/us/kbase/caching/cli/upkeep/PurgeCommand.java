package us.kbase.caching.cli.upkeep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Purge;
import us.kbase.caching.store.s3.FoundBucket;

/** Empties the store of this service's entries. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description =
                "Removes every entry of this service from the configured store, and nothing else, also while gateways"
                        + " serve it: the one that owns an embedded store is asked to do it, and leaves to its next sweep what has"
                        + " expired already.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The entries are gone.",
            "1:Nothing was removed, as was answered; or there is no store, or it does not answer.",
            "2:The command line is wrong."
        },
        footer = {"", "Sample: caching-service purge --yes"})
public final class PurgeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(PurgeCommand.class);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Prints JSON instead of a table; needs --yes.")
    private boolean json;

    /** What there is; a gateway does not tell of objects of others. */
    private record Found(long entries, OptionalLong foreign) {}

    /** What is purged, by the command itself or by the owner of the store. */
    private interface Work {
        Found count() throws IOException, InterruptedException;

        long remove() throws IOException, InterruptedException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (json && !yes) {
            System.err.println("caching-service: --json asks nothing; give --yes too.");
            return 2;
        }
        Optional<GatewayConfig> loaded = config.loadOrTell();
        return loaded.isEmpty() ? 1 : purged(loaded.get());
    }

    private int purged(GatewayConfig loaded) throws IOException, InterruptedException {
        if (loaded.previous().isPresent()) {
            System.err.println("caching-service: Entries in "
                    + loaded.previous().get() + " would come back: end the move first, or take previous.type away.");
            return 1;
        }
        if (StoreOwner.of(loaded.store()) instanceof StoreOwner.RunningGateway gateway) {
            try (GatewayClient client = gateway.client()) {
                return purged(loaded, remote(new RemoteStore(client)));
            }
        }
        int code = purged(loaded, local(loaded));
        if (code == 0) {
            tellOfVersions(loaded);
        }
        return code;
    }

    /** Who purges wants room, or that nothing is left. Everything is purged by then: what cannot be asked is not told. */
    private static void tellOfVersions(GatewayConfig loaded) throws InterruptedException {
        try {
            if (loaded.store() instanceof GatewayConfig.Store.S3
                    && StoreSession.look(loaded).removed() == FoundBucket.Removed.STAYS_AS_A_VERSION) {
                System.err.println("caching-service: " + FoundBucket.ofVersions());
            }
        } catch (IOException unknown) {
            log.debug("Whether the bucket keeps versions is not known: {}", unknown.toString());
        }
    }

    private static Work local(GatewayConfig loaded) {
        return new Work() {
            @Override
            public Found count() throws IOException, InterruptedException {
                Purge.Count count = StoreSession.with(loaded, store -> new Purge(store).count());
                return new Found(count.entries(), OptionalLong.of(count.foreign()));
            }

            @Override
            public long remove() throws IOException, InterruptedException {
                return StoreSession.with(loaded, store -> new Purge(store).remove())
                        .entries();
            }
        };
    }

    private static Work remote(RemoteStore store) {
        return new Work() {
            @Override
            public Found count() throws IOException, InterruptedException {
                return new Found(store.count(), OptionalLong.empty());
            }

            @Override
            public long remove() throws IOException, InterruptedException {
                return store.delete();
            }
        };
    }

    private int purged(GatewayConfig loaded, Work work) throws IOException, InterruptedException {
        Found found = work.count();
        if (!json && !yes && found.entries() > 0) {
            System.out.print(Table.text(rows(found, OptionalLong.empty())));
            if (!agreed(loaded)) {
                System.out.println("Nothing was removed.");
                return 1;
            }
        }
        long removed = found.entries() == 0 ? 0 : work.remove();
        System.out.print(
                json
                        ? Table.json(fields(found, removed)) + System.lineSeparator()
                        : Table.text(rows(found, OptionalLong.of(removed))));
        return 0;
    }

    private static Map<String, Long> rows(Found found, OptionalLong removed) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("Entries of this service", found.entries());
        found.foreign().ifPresent(count -> rows.put("Objects of others, which stay", count));
        removed.ifPresent(count -> rows.put("Removed", count));
        return rows;
    }

    private static Map<String, Object> fields(Found found, long removed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("entries", found.entries());
        found.foreign().ifPresent(count -> fields.put("foreign", count));
        fields.put("removed", removed);
        return fields;
    }

    private static boolean agreed(GatewayConfig loaded) throws IOException {
        System.out.print("Remove the entries in " + loaded.store() + "? Type yes: ");
        System.out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        return "yes".equals(answer == null ? "" : answer.strip());
    }
}
