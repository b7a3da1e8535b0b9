package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import us.kbase.caching.bundle.EndRecord;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;

/**
 * Files, folders and links as they lie on a disk, in the order of their paths: so the same tree always makes the same archive.
 *
 * @param leaves all of them, without the root itself
 * @param bytes of all files
 */
record Tree(List<Leaf> leaves, long bytes) {

    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;
    private static final int USUAL_FILE = 0644;
    private static final int USUAL_FOLDER = 0755;
    private static final int LINK_MODE = 0777;

    /**
     * One of them.
     *
     * @param path in the archive; a folder's ends with a slash
     * @param mode type and permissions as {@code st_mode} has them
     */
    record Leaf(String path, Path file, Member.Kind kind, int mode, Instant modified) {}

    /** What lies in a folder. */
    static Tree in(Path folder) throws LocalFault {
        List<Leaf> found = new ArrayList<>();
        walk(folder, "", found);
        return of(found);
    }

    /** Several files and folders, each under its own name. */
    static Tree of(Iterable<Path> roots) throws LocalFault {
        List<Leaf> found = new ArrayList<>();
        for (Path root : roots) {
            String name = nameOf(root);
            try {
                // Whoever names a link means what it leads to.
                BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
                found.add(leaf(name, root, 0, attributes));
                if (attributes.isDirectory()) {
                    walk(root, name + "/", found);
                }
            } catch (LocalFault e) {
                throw e;
            } catch (IOException e) {
                throw new LocalFault(root + " cannot be read", e);
            }
        }
        return of(found);
    }

    /** A root's own name. */
    static String nameOf(Path root) {
        return String.valueOf(root.toAbsolutePath().normalize().getFileName());
    }

    private static Tree of(List<Leaf> found) throws LocalFault {
        if (found.size() > EndRecord.MEMBERS_MAX) {
            throw new LocalFault("There are " + found.size() + " files and folders; a result may have at most "
                    + EndRecord.MEMBERS_MAX + ". Pack them into fewer first.");
        }
        PathRules rules = new PathRules();
        long bytes = 0;
        for (Leaf leaf : found) {
            rules.add(leaf.path(), leaf.kind());
        }
        for (Leaf leaf : found) {
            bytes += leaf.kind() == Member.Kind.FILE ? sizeOf(leaf.file()) : 0;
        }
        found.sort(Comparator.comparing(Leaf::path));
        return new Tree(List.copyOf(found), bytes);
    }

    private static long sizeOf(Path file) throws LocalFault {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new LocalFault(file + " cannot be read", e);
        }
    }

    private static void walk(Path named, String prefix, List<Leaf> found) throws LocalFault {
        try {
            Path folder = named.toRealPath(); // a walk does not follow a link, not even to begin with
            Path unused = Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                    return path.equals(folder) ? FileVisitResult.CONTINUE : visitFile(path, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                    String name = prefix + folder.relativize(path);
                    found.add(leaf(name, path, PathRules.depth(name) - PathRules.depth(prefix), attributes));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (LocalFault e) {
            throw e;
        } catch (IOException e) {
            throw new LocalFault(named + " cannot be read", e);
        }
    }

    /** Describes what is there; {@code depth} is how many folders it lies in below what was named. */
    private static Leaf leaf(String path, Path file, int depth, BasicFileAttributes attributes) throws IOException {
        Instant modified = attributes.lastModifiedTime().toInstant();
        if (attributes.isSymbolicLink()) {
            String target = Files.readSymbolicLink(file).toString();
            PathRules.checkLink(path, target, depth);
            return new Leaf(path, file, Member.Kind.LINK, LINK | LINK_MODE, modified);
        }
        if (attributes.isDirectory()) {
            int mode = FOLDER | permissions(file, USUAL_FOLDER);
            return new Leaf(path + "/", file, Member.Kind.FOLDER, mode, modified);
        }
        if (!attributes.isRegularFile()) {
            throw PathRules.refused(path, "is a device, a named pipe or a socket");
        }
        return new Leaf(path, file, Member.Kind.FILE, FILE | permissions(file, USUAL_FILE), modified);
    }

    private static int permissions(Path file, int usual) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return usual;
        }
        Set<PosixFilePermission> set = Files.getPosixFilePermissions(file);
        return Permissions.bits(set);
    }
}
