package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the objects of format 1, which lay in two levels of folders named by a hash of their key, to where they are looked for now.
 * It goes on where an end of the process, or a power cut, stopped it, since a start looks for those folders again. Blocking.
 */
final class FirstLayout {

    private static final Logger log = LoggerFactory.getLogger(FirstLayout.class);

    private final Path top;
    private final ObjectFolders folders;
    private long moved;

    private FirstLayout(Path top, ObjectFolders folders) {
        this.top = top;
        this.folders = folders;
    }

    /** Moves everything, where there are such folders. */
    static void moveAll(Path top, ObjectFolders folders) throws IOException {
        if (Files.isDirectory(top)) {
            new FirstLayout(top, folders).run();
        }
    }

    private void run() throws IOException {
        log.info("Moving the objects of an earlier version to where this one looks for them");
        for (Path outer : children(top)) {
            for (Path inner : children(outer)) {
                for (Path object : children(inner)) {
                    move(object);
                }
                removeIfEmpty(inner);
            }
            removeIfEmpty(outer);
        }
        removeIfEmpty(top);
        log.info("Moved {} objects", moved);
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        ObjectFolders.each(folder, name -> children.add(folder.resolve(name)));
        return children;
    }

    private void move(Path object) throws IOException {
        String key = String.valueOf(object.getFileName());
        if (!ObjectFolders.isKey(key) || Files.exists(folders.file(key))) {
            return; // none of ours
        }
        folders.make(key);
        Files.move(object, folders.file(key), StandardCopyOption.ATOMIC_MOVE);
        moved++;
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException kept) {
            log.warn("{} holds files that are no objects of this store; they are left alone", folder);
        }
    }
}
