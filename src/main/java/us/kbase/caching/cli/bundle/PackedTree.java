package us.kbase.caching.cli.bundle;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import us.kbase.caching.bundle.Directory;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;

/** Many files as one result: a ZIP file that is made while it is read, and the same one each time that it is. */
public final class PackedTree implements Input {

    /** The archive's comment, by which a folder's archive is told from an archive that somebody made. */
    private static final String MARK = "caching-service bundle";

    private static final String ENDING = ".zip";
    private static final String SEVERAL = "files" + ENDING;

    private final String name;
    private final String shown;
    private final Tree tree;

    private PackedTree(String name, String shown, Tree tree) {
        this.name = name;
        this.shown = shown;
        this.tree = tree;
    }

    /**
     * What lies in a folder, without the folder's own name.
     *
     * @throws LocalFault when something there cannot be read or may not be packed
     */
    public static PackedTree in(Path folder) throws LocalFault {
        String name = Tree.nameOf(folder) + ENDING;
        // The service keeps ASCII of a name, by which it tells the type.
        String told = SecureFilename.of(name).endsWith(ENDING) ? name : SEVERAL;
        return new PackedTree(told, folder.toString(), Tree.in(folder));
    }

    /** Several files and folders, each under its own name. */
    public static PackedTree of(List<Path> roots) throws LocalFault {
        return new PackedTree(SEVERAL, roots.get(0) + " and other files", Tree.of(roots));
    }

    /** Tells whether a result of that media type may be such an archive. */
    public static boolean mayBe(String type) {
        return type.startsWith("application/zip");
    }

    /** Tells whether this program made that archive of a folder or of several files. */
    public static boolean isOurs(Directory directory) {
        return directory.comment().equals(MARK);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public long bytesExpected() {
        return tree.bytes();
    }

    @Override
    public InputStream open() {
        return new PackingStream(tree, MARK);
    }

    @Override
    public String toString() {
        return shown;
    }
}
