package us.kbase.caching.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Override
    public Integer call() {
        try {
            GatewayConfig loaded = config.load();
            System.out.println(loaded.http());
            System.out.println(loaded.auth());
            System.out.println(loaded.store());
            System.out.println(loaded.limits());
            return 0;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 1;
        }
    }
}
