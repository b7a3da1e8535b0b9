package us.kbase.caching.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cli.bundle.PackedTree;
import us.kbase.caching.cli.bundle.UnpackedTree;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.progress.Progress;

/** Several files and folders that a command writes, kept as one result. */
final class SeveralOutputs implements JobOutput {

    private final Map<String, Path> targets;

    private SeveralOutputs(Map<String, Path> targets) {
        this.targets = targets;
    }

    /** Each is found in the result by its own name, whatever folder it lies in here. */
    static SeveralOutputs named(List<String> names) throws LocalFault {
        Map<String, Path> targets = new LinkedHashMap<>();
        for (String name : names) {
            if (name.equals("-")) {
                throw new LocalFault("What the command prints is a result of its own; name files for all of them.");
            }
            Path path = Path.of(name);
            String own = String.valueOf(path.toAbsolutePath().normalize().getFileName());
            if (targets.put(own, path) != null) {
                throw new LocalFault(
                        "Two outputs have the name " + own + "; in a result each needs a name of its own.");
            }
        }
        UnpackedTree unused = UnpackedTree.named(targets, UnpackedTree.Times.NOW);
        return new SeveralOutputs(targets);
    }

    @Override
    public Optional<Path> redirected() {
        return Optional.empty();
    }

    @Override
    public Optional<Object> version() throws IOException {
        List<Object> versions = new ArrayList<>();
        for (Path target : targets.values()) {
            Optional<Object> version = CommandOutput.version(target);
            if (version.isEmpty()) {
                return Optional.empty();
            }
            versions.add(version.get());
        }
        return Optional.of(versions);
    }

    /** An output that was there before and stayed as it was is part of the result all the same. */
    @Override
    public boolean isNewerThan(Optional<Object> before) throws IOException {
        Optional<Object> now = version();
        return now.isPresent() && !now.equals(before);
    }

    @Override
    public long download(GatewayClient client, Patience patience, String cacheId, Progress progress)
            throws IOException, InterruptedException {
        return UnpackedTree.named(targets, UnpackedTree.Times.NOW).from(client, patience, cacheId, progress);
    }

    @Override
    public Input result() throws LocalFault {
        return PackedTree.of(List.copyOf(targets.values()));
    }

    @Override
    public String name() {
        return "files.zip";
    }

    @Override
    public void deliver() {
        // Files lie where they were asked for.
    }

    @Override
    public String whereabouts() {
        return "it is kept in " + this;
    }

    @Override
    public String toString() {
        return String.join(", ", targets.values().stream().map(Path::toString).toList());
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
