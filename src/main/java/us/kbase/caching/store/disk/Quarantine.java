package us.kbase.caching.store.disk;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps aside, for the operator, what lies in an object's place and is no object: a move within the file system, which needs no
 * space. Nothing in it is ever removed by this program, so it is bounded: once it is full, what is found later stays where it is,
 * and is passed over all the same. Blocking: worker threads only.
 */
final class Quarantine {

    static final int FILES_MAX = 100;
    private static final int TOLD_MAX = 1000;
    private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

    private final Path folder;
    private final LongAdder found = new LongAdder();

    /** What stays in its place is met again and again, and told of once. */
    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    /** How the damage of what was found last shows. */
    private final Map<Path, String> hows = new ConcurrentHashMap<>();

    Quarantine(Path folder) {
        this.folder = folder;
    }

    /** Moves a file or folder aside and tells of it; whether its place is free now. Under the lock of the object's key. */
    @CanIgnoreReturnValue
    boolean take(Path path, String why) {
        if (hows.size() < TOLD_MAX || hows.containsKey(path)) {
            hows.put(path, why);
        }
        try {
            Files.createDirectories(folder);
            if (isFull()) {
                tellOnce(path, why, "it stays in place, since " + folder + " holds " + FILES_MAX + " already");
                return false;
            }
            Path aside = folder.resolve(
                    path.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8));
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
            found.increment();
            log.error("{} is damaged ({}) and counts as absent; it was moved to {}", path, why, aside);
            return true;
        } catch (IOException e) {
            tellOnce(path, why, "it stays in place: " + e);
            return false;
        }
    }

    private boolean isFull() throws IOException {
        try (Stream<Path> kept = Files.list(folder)) {
            return kept.limit(FILES_MAX).count() == FILES_MAX;
        }
    }

    private void tellOnce(Path path, String why, String what) {
        if (told.size() < TOLD_MAX && told.add(path)) {
            found.increment();
            log.error("{} is damaged ({}) and counts as absent; {}", path, why, what);
        }
    }

    /** How the damage of what lay in that place shows, as far as it is remembered. */
    Optional<String> how(Path path) {
        return Optional.ofNullable(hows.get(path));
    }

    /** Another object took that place, or what was there was removed: what was found before says nothing of it. */
    void forget(Path path) {
        hows.remove(path);
        told.remove(path);
    }

    /** How many were found since the start. */
    long found() {
        return found.sum();
    }
}
