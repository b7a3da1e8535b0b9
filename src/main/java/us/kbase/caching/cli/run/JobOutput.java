package us.kbase.caching.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.progress.Progress;

/** The result of a command that is run once: where it is found when the command has ended, and where a stored one is put instead. */
interface JobOutput extends AutoCloseable {

    /**
     * Finds out what names stand for: a file, a folder, several of them, or {@code -} for what the command prints.
     *
     * @throws LocalFault when no result can be written there and read back
     */
    static JobOutput named(List<String> names) throws LocalFault {
        return names.size() == 1 ? CommandOutput.named(names.get(0)) : SeveralOutputs.named(names);
    }

    /** The file that the command's standard output goes into, if that is the result. */
    Optional<Path> redirected();

    /** Tells a result from what lay there before; empty when there is none. */
    Optional<Object> version() throws IOException;

    /** Tells whether the command has written a result. */
    boolean isNewerThan(Optional<Object> before) throws IOException;

    /** Puts the stored result of an id there, and returns its length in bytes. */
    long download(GatewayClient client, Patience patience, String cacheId, Progress progress)
            throws IOException, InterruptedException;

    /** What is uploaded of it. */
    Input result() throws LocalFault;

    /** The name that the service is told. */
    String name() throws LocalFault;

    /** Passes on what the command printed, or what was downloaded in its place. */
    void deliver() throws LocalFault;

    /** Says where a result is that was not published. */
    String whereabouts();

    @Override
    void close() throws IOException;
}
