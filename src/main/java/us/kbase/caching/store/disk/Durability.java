package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whether what was written survives a power cut. Blocking: worker threads only. */
interface Durability {

    /** Everything is on the disk when a call returns; one that fails leaves unknown what is. */
    Durability FSYNC = new Durability() {
        @Override
        public void keep(FileChannel file) throws IOException {
            file.force(true);
        }

        @Override
        public void keep(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    };

    /** The kernel writes when it likes: a power cut may lose the last objects, never corrupt one unseen. */
    Durability LAZY = new Durability() {
        @Override
        public void keep(FileChannel file) {}

        @Override
        public void keep(Path folder) {}
    };

    /** Makes a file's content last. */
    void keep(FileChannel file) throws IOException;

    /** Makes the names in a folder last. */
    void keep(Path folder) throws IOException;
}
