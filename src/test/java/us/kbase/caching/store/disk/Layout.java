package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a data folder's objects lie, for tests that damage, count or make them by hand. */
final class Layout {

    private Layout() {}

    static ObjectFolders of(DataFolder folder) {
        return new ObjectFolders(folder.entries(), folder.quarantine(), Durability.LAZY);
    }

    static Path file(DataFolder folder, String key) {
        return of(folder).file(key);
    }

    /** An empty file in an object's place. */
    static Path made(DataFolder folder, String key) throws IOException {
        of(folder).make(key);
        return Files.createFile(file(folder, key));
    }
}
