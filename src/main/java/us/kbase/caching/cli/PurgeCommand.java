package us.kbase.caching.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.cache.Purge;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;

/** Empties the store of this service's entries. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = "Removes every entry of this service from the configured store, and nothing else."
                + " Sample: caching-service purge --yes")
final class PurgeCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        GatewayConfig loaded;
        try {
            loaded = config.load();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 1;
        }
        Purge.Count found = StoreSession.with(loaded, store -> new Purge(store).count());
        System.out.println("There are " + found.entries() + " entries of this service in " + loaded.store() + ", and "
                + found.foreign() + " other objects, which stay.");
        if (found.entries() == 0) {
            return 0;
        }
        if (!yes && !agreed()) {
            System.out.println("Nothing was removed.");
            return 1;
        }
        Purge.Count removed = StoreSession.with(loaded, store -> new Purge(store).remove());
        System.out.println("Removed " + removed.entries() + " entries.");
        return 0;
    }

    private static boolean agreed() throws IOException {
        System.out.print("Remove them? Type yes: ");
        System.out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        return "yes".equals(answer == null ? "" : answer.strip());
    }
}
