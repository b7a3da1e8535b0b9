package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import us.kbase.caching.failure.Reason;

/** Looks at a data folder without making or changing anything. Blocking: not for event loops. */
public final class FolderCheck {

    /** What a folder is. */
    public enum State {
        /** There is none yet; a gateway can make it. */
        MISSING,
        /** A gateway owns it now. */
        OWNED,
        /** A gateway can own it. */
        FREE
    }

    private FolderCheck() {}

    /**
     * Looks at a folder.
     *
     * @throws IOException with one sentence, when no gateway could use it
     */
    public static State look(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Path above = nearestThatExists(folder);
            if (!Files.isDirectory(above) || !Files.isWritable(above)) {
                throw new IOException("The data folder " + folder + " cannot be made: " + above
                        + " is no folder that this user may write; set store.disk.path to another.");
            }
            return State.MISSING;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("The data folder " + folder + " is a file: set store.disk.path to a folder.");
        }
        if (!Files.isWritable(folder) && !Files.getFileStore(folder).isReadOnly()) {
            throw new IOException(
                    "The data folder " + folder + " is not writable for this user: change its owner or its mode.");
        }
        return isOwned(folder) ? State.OWNED : State.FREE;
    }

    private static Path nearestThatExists(Path folder) {
        Path above = folder.toAbsolutePath();
        while (!Files.exists(above) && above.getParent() != null) {
            above = above.getParent();
        }
        return above;
    }

    private static boolean isOwned(Path folder) throws IOException {
        try {
            return DataFolder.isOwned(folder);
        } catch (IOException e) {
            throw new IOException(
                    "The data folder " + folder + " has a lock that cannot be asked: " + Reason.why(e) + ".", e);
        }
    }
}
