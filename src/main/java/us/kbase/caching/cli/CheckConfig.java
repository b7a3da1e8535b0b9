package us.kbase.caching.cli;

import java.util.List;
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
            System.out.println(loaded.http());
            System.out.println(loaded.auth());
            System.out.println(loaded.store());
            System.out.println(loaded.limits());
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
}
