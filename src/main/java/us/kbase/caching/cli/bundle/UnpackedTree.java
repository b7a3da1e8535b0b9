package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.Download;
import us.kbase.caching.cli.client.ErrorReply;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Sink;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.failure.Failure;

/** Makes files of a result that is a bundle: all of them, or none. */
public final class UnpackedTree {

    private static final int LOOKS_MAX = 3;
    private static final long ALWAYS_BYTES = 100L << 20;
    private static final long RATIO_MAX = 100;
    private static final String WHOLE = "";

    private final Map<String, Path> targets;
    private final Times times;

    /** When the files were changed. */
    public enum Times {
        /** As it was when they were packed. */
        KEPT,
        /** Now, as if they were just made. */
        NOW
    }

    private UnpackedTree(Map<String, Path> targets, Times times) {
        this.targets = targets;
        this.times = times;
    }

    /**
     * A folder that takes all files.
     *
     * @throws LocalFault unless it is missing or empty, and can be made
     */
    public static UnpackedTree in(Path folder, Times times) throws LocalFault {
        requireFree(folder);
        return new UnpackedTree(Map.of(WHOLE, folder), times);
    }

    /** Targets of several files and folders, by their names in the bundle. */
    public static UnpackedTree named(Map<String, Path> targets, Times times) throws LocalFault {
        for (Path target : targets.values()) {
            if (!Files.isRegularFile(target)) {
                requireFree(target);
            }
        }
        return new UnpackedTree(Map.copyOf(targets), times);
    }

    /**
     * Returns if nothing would be lost by a folder of that name.
     *
     * @throws LocalFault otherwise
     */
    public static void requireFree(Path folder) throws LocalFault {
        Path parent = folder.toAbsolutePath().normalize().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new LocalFault(folder + " cannot be written: there is no folder " + parent + ".");
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                if (found.findAny().isPresent()) {
                    throw new LocalFault(folder + " is a folder that is not empty; empty it, or name another one.");
                }
            } catch (LocalFault e) {
                throw e;
            } catch (IOException e) {
                throw new LocalFault(folder + " cannot be read", e);
            }
        } else if (Files.exists(folder)) {
            throw new LocalFault(folder + " is no folder; name another one.");
        }
    }

    /**
     * Downloads and unpacks, and returns the length of the bundle in bytes.
     *
     * @throws ErrorReply when there is no result or it is not the caller's
     * @throws us.kbase.caching.cli.client.Unreachable when it did not come whole
     * @throws LocalFault when it is no bundle, may not be unpacked, or cannot be written; nothing was changed
     */
    public long from(GatewayClient client, Patience patience, String cacheId, Progress progress)
            throws IOException, InterruptedException {
        for (int look = 1; ; look++) {
            try {
                RemoteDirectory found = RemoteDirectory.of(client, patience, cacheId);
                return new Download(client, patience)
                        .into(sink(found), client.entry(cacheId).header("If-Match", found.etag()), progress);
            } catch (Failure.NotABundle e) {
                throw new LocalFault(e.getMessage() + ".");
            } catch (ErrorReply e) {
                if (!e.isChanged() || look == LOOKS_MAX) {
                    throw e;
                }
            }
        }
    }

    /** Refuses what may not be unpacked before any of it is asked for. */
    Sink.Target sink(RemoteDirectory found) throws LocalFault {
        List<Member> members = found.directory().inOrder();
        PathRules rules = new PathRules();
        Map<String, Member.Kind> roots = new TreeMap<>();
        long bytes = 0;
        for (Member member : members) {
            Member readable = member.readable();
            if (readable.kind() == Member.Kind.OTHER) {
                throw PathRules.refused(readable.path(), "is a device, a named pipe or a socket");
            }
            rules.add(readable.path(), readable.kind());
            int slash = readable.path().indexOf('/');
            roots.put(
                    slash < 0 ? readable.path() : readable.path().substring(0, slash),
                    slash < 0 ? readable.kind() : Member.Kind.FOLDER);
            bytes = Math.addExact(bytes, readable.bytes());
        }
        if (!isWhole()) {
            requireNames(roots.keySet());
            requireKinds(roots);
        }
        requireRoom(bytes, found.archiveBytes());
        return () -> new UnpackingSink(members, staging(), isWhole() ? 0 : 1, times);
    }

    private boolean isWhole() {
        return targets.containsKey(WHOLE);
    }

    private Staging staging() throws LocalFault {
        Path whole = targets.get(WHOLE);
        return whole == null ? Staging.named(targets) : Staging.folder(whole);
    }

    private void requireNames(Set<String> names) throws LocalFault {
        if (!names.equals(targets.keySet())) {
            throw new LocalFault("The result holds " + PathRules.shown(String.join(", ", names)) + ", and not "
                    + String.join(", ", new TreeSet<>(targets.keySet())) + "; nothing was written.");
        }
    }

    /** Each takes its name in one step of its own, so what would stop the second is found before the first. */
    private void requireKinds(Map<String, Member.Kind> roots) throws LocalFault {
        for (Map.Entry<String, Path> target : targets.entrySet()) {
            Path path = target.getValue();
            Member.Kind kind = Objects.requireNonNull(roots.get(target.getKey()));
            if (kind == Member.Kind.LINK) {
                throw PathRules.refused(target.getKey(), "is a link where a file or a folder was named");
            }
            if (kind == Member.Kind.FILE && Files.isDirectory(path)) {
                throw otherKind(target.getKey(), "is a file in the result, and " + path + " is a folder");
            }
            // A folder takes the name of a folder, and not of a link to one.
            if (kind == Member.Kind.FOLDER
                    && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw otherKind(target.getKey(), "is a folder in the result, and " + path + " is none");
            }
        }
    }

    private static LocalFault otherKind(String name, String why) {
        return new LocalFault(PathRules.shown(name) + " " + why + "; nothing was written.");
    }

    private void requireRoom(long bytes, long archiveBytes) throws LocalFault {
        if (bytes > ALWAYS_BYTES && bytes / RATIO_MAX > archiveBytes) {
            throw new LocalFault("The result would become " + bytes / archiveBytes
                    + " times as large when it is unpacked; download it as one file if you trust it.");
        }
        for (Path target : targets.values()) {
            Path parent = target.toAbsolutePath().normalize().getParent();
            try {
                long free = Files.getFileStore(String.valueOf(parent).isEmpty() ? target : parent)
                        .getUsableSpace();
                if (bytes > free) {
                    throw new LocalFault("The files of the result take " + bytes + " bytes, and " + target
                            + " has room for " + free + ".");
                }
            } catch (LocalFault e) {
                throw e;
            } catch (IOException e) {
                throw LocalFault.unwritable(target, e);
            }
        }
    }
}
