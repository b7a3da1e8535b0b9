package us.kbase.caching.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import us.kbase.caching.cli.rehearsal.Rehearsal;

/** Jobs against a stand-in, and the end: what the launcher runs once to make its start-up cache. */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "Runs jobs against a stand-in for S3 in this process and ends; the launcher trains its start-up cache with it."
                        + " Sample: caching-service rehearse")
final class Rehearse implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Rehearsal.run(Rehearsal.TRAINING);
        return 0;
    }
}
