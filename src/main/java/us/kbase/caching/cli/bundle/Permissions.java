package us.kbase.caching.cli.bundle;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The nine permissions of Unix, as bits and as Java has them. */
final class Permissions {

    private static final PosixFilePermission[] FROM_HIGHEST = PosixFilePermission.values();

    private Permissions() {}

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
