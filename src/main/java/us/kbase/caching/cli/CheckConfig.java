package us.kbase.caching.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.config.LoadedConfig;
import us.kbase.caching.config.SampleFile;

/** Reads the configuration, says everything that is wrong with it, and shows what is in effect. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description =
                "Checks the configuration and shows it without secrets, each value with the place where it was set."
                        + " Sample: caching-service check-config",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The configuration can be used; with --connect, the servers too.",
            "1:Something is wrong with it, or a server cannot serve; each in one sentence.",
            "2:The command line is wrong."
        })
final class CheckConfig implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--connect",
            description =
                    "Also asks the store and the auth server, and makes nothing; exit code 1 when one cannot serve.")
    private boolean connect;

    @Option(
            names = "--sample",
            description = "Only prints a configuration file with every key, its default and its meaning.")
    private boolean sample;

    @Override
    public Integer call() throws InterruptedException {
        if (sample) {
            System.out.print(SampleFile.text());
            return 0;
        }
        try {
            LoadedConfig loaded = config.loaded();
            System.out.println("# read: " + ConfigOption.sources(loaded));
            loaded.keys().forEach(key -> System.out.println(line(key)));
            loaded.notes().forEach(System.err::println);
            return connect ? connected(loaded.config()) : 0;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 1;
        }
    }

    private static String line(LoadedConfig.Effective key) {
        String set = key.key() + ": " + key.shown();
        return key.origin().isEmpty() ? set : set + "  # " + key.origin();
    }

    private static int connected(GatewayConfig config) throws InterruptedException {
        Reachability found = Reachability.of(config);
        found.notes().forEach(note -> System.out.println("# " + note));
        found.problems().forEach(System.err::println);
        return found.problems().isEmpty() ? 0 : 1;
    }
}
