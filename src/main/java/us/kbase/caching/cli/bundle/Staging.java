package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import us.kbase.caching.cli.client.LocalFault;

/**
 * Places beside the targets, where a tree is made before it takes their names in one step each. What was not placed is removed: also when
 * a signal ends the process. Any thread; one makes the tree.
 */
final class Staging implements AutoCloseable {

    private static final String WHOLE = "";

    /** Where something is made, and where it goes. */
    private record Stage(Path path, Path target) {}

    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private final Thread whenStopped = new Thread(this::remove, "remove-part");
    private boolean removed;

    private Staging(Map<String, Path> targets) {
        targets.forEach((name, target) -> {
            Path absolute = target.toAbsolutePath().normalize();
            String part = "." + absolute.getFileName() + "." + UUID.randomUUID() + ".part";
            stages.put(name, new Stage(absolute.resolveSibling(part), target));
        });
        Runtime.getRuntime().addShutdownHook(whenStopped);
    }

    /** For a tree that becomes one folder. */
    static Staging folder(Path target) throws LocalFault {
        Staging staging = new Staging(Map.of(WHOLE, target));
        try {
            Permissions.makePrivateFolder(staging.path(WHOLE));
            return staging;
        } catch (IOException e) {
            staging.close();
            throw LocalFault.unwritable(target, e);
        }
    }

    /** For a tree whose first folders and files each have a target of their own. */
    static Staging named(Map<String, Path> targets) {
        return new Staging(targets);
    }

    /** Where a path of the tree is made. */
    Path path(String path) {
        Stage whole = stages.get(WHOLE);
        if (whole != null) {
            return whole.path.resolve(path);
        }
        int slash = path.indexOf('/');
        Stage stage = stages.get(slash < 0 ? path : path.substring(0, slash));
        if (stage == null) {
            throw new IllegalArgumentException("no target for " + path);
        }
        return slash < 0 || slash == path.length() - 1 ? stage.path : stage.path.resolve(path.substring(slash + 1));
    }

    /** Does something while nothing is removed; fails once all is. */
    synchronized void make(Making making) throws IOException {
        if (removed) {
            throw new LocalFault("The download was ended.");
        }
        making.make();
    }

    /** Makes some of the tree. */
    interface Making {
        void make() throws IOException;
    }

    /** Gives every part its name. */
    void place() throws IOException {
        make(() -> {
            for (Stage stage : stages.values()) {
                try {
                    Files.move(
                            stage.path,
                            stage.target,
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw LocalFault.unwritable(stage.target, e);
                }
            }
        });
    }

    private synchronized void remove() {
        removed = true;
        for (Stage stage : stages.values()) {
            try {
                removeTree(stage.path);
            } catch (IOException e) {
                System.err.println("caching-service: " + stage.path + " could not be removed.");
            }
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> folders = new ArrayList<>();
        Path unused = Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                // One that may not be written to keeps what is in it.
                boolean opened =
                        folder.toFile().setWritable(true) && folder.toFile().setExecutable(true);
                if (opened) {
                    folders.add(folder);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path folder : folders.reversed()) {
            Files.delete(folder);
        }
    }

    @Override
    public void close() {
        remove();
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(whenStopped);
        } catch (IllegalStateException stopping) {
            // It runs just now.
            return;
        }
    }
}
