package us.kbase.caching.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.cli.rehearsal.Rehearsal;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;

/** Jobs against a stand-in, and the end: what the launcher runs once to make its start-up cache. */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "Runs jobs against a stand-in for S3 in this process and ends; the launcher trains its start-up cache with it."
                        + " Sample: caching-service rehearse")
final class Rehearse implements Callable<Integer> {

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        try {
            GatewayConfig unused = option.load(); // what reads it is trained too
        } catch (ConfigException wrong) {
            System.err.println(wrong.getMessage());
        }
        Rehearsal.run(Rehearsal.TRAINING);
        return 0;
    }
}
