package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/** The nine permissions of Unix, as bits and as Java has them. */
final class Permissions {

    private static final PosixFilePermission[] FROM_HIGHEST = PosixFilePermission.values();

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final String MODE = "unix:mode";
    private static final int MODE_BITS = 07777;

    private Permissions() {}

    /** Whether files of that path's file system have permissions. */
    static boolean areOn(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Makes a folder which nobody else can look into. */
    static void makePrivateFolder(Path folder) throws IOException {
        Path unused = areOn(folder)
                ? Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER))
                : Files.createDirectory(folder);
    }

    /** The mode of a usual new folder, 0777 less the umask: a new one in that folder shows it. Nothing where there are no permissions. */
    static OptionalInt ofNewFolderIn(Path folder) throws IOException {
        if (!areOn(folder)) {
            return OptionalInt.empty();
        }
        Path shown = Files.createDirectory(folder.resolve("." + UUID.randomUUID()));
        int mode = (int) Files.getAttribute(shown, MODE) & MODE_BITS;
        Files.delete(shown);
        return OptionalInt.of(mode);
    }

    /** Gives a file or folder that mode. */
    static void set(Path file, int mode) throws IOException {
        Path unused = Files.setAttribute(file, MODE, mode);
    }

    static int bits(Set<PosixFilePermission> set) {
        int bits = 0;
        for (PosixFilePermission one : FROM_HIGHEST) {
            bits = bits << 1 | (set.contains(one) ? 1 : 0);
        }
        return bits;
    }

    /** Of the lowest nine bits: no file becomes another user's by being unpacked. */
    static Set<PosixFilePermission> of(int bits) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < FROM_HIGHEST.length; i++) {
            if ((bits >>> FROM_HIGHEST.length - 1 - i & 1) != 0) {
                set.add(FROM_HIGHEST[i]);
            }
        }
        return set;
    }
}
