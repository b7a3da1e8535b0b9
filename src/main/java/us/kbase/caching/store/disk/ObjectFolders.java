package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import us.kbase.caching.text.AsciiSet;

/**
 * Where objects lie: each in a folder named by the first three characters of its key. Keys are hashes in hexadecimal, so there are
 * 4096 folders of about the same size, and folder after folder the keys stand in order: a page of keys costs the folders that it lies
 * in, and nothing is kept in memory for it (docs/adr/0041). Blocking: worker threads only.
 */
class ObjectFolders {

    private static final int NAME_CHARACTERS = 3;
    private static final int KEY_CHARACTERS_MAX = 200;
    private static final AsciiSet KEY = AsciiSet.ALPHANUMERIC.with("_-");
    private static final int LOCKS = 64;

    private final Path top;
    private final Quarantine quarantine;
    private final Durability durability;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final Set<String> lasting = ConcurrentHashMap.newKeySet();
    private volatile boolean earlierLast;
    private final List<Object> locks =
            IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toList();

    ObjectFolders(Path top, Quarantine quarantine, Durability durability) {
        this.top = top;
        this.quarantine = quarantine;
        this.durability = durability;
    }

    /** Whether an object could have that key: whatever else a folder holds is none of ours. */
    static boolean isKey(String text) {
        return KEY.spells(text, 1, KEY_CHARACTERS_MAX);
    }

    private static String name(String key) {
        return key.substring(0, Math.min(key.length(), NAME_CHARACTERS));
    }

    Path folder(String key) {
        return top.resolve(name(key));
    }

    Path file(String key) {
        return folder(key).resolve(key);
    }

    /** Makes a key's folder, and makes it last before anything is told to lie in it. What was made once is not looked at again. */
    void make(String key) throws IOException {
        String name = name(key);
        if (!lasting.contains(name)) {
            make(name, top.resolve(name));
            lasting.add(name);
        }
    }

    /** Makes a key's folder where it is gone although it was made once; whether it was gone. */
    boolean makeAgain(String key) throws IOException {
        boolean gone = !Files.isDirectory(folder(key));
        if (gone) {
            lasting.remove(name(key));
            make(key);
        }
        return gone;
    }

    private void make(String name, Path folder) throws IOException {
        synchronized (locks.get(Math.floorMod(name.hashCode(), LOCKS))) { // who finds it made waits until it lasts
            if (!Files.isDirectory(folder)) {
                create(folder);
                made.add(name);
            }
            if (!earlierLast || made.contains(name)) {
                durability.keep(top); // the first time also for what a killed process made
                earlierLast = true;
                made.remove(name);
            }
        }
    }

    private void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException blocked) {
            if (!quarantine.take(folder, "a file in a folder's place")) {
                throw blocked;
            }
            Files.createDirectory(folder);
        }
    }

    /** The names of all folders that can hold keys behind that one, in order. */
    Collection<String> behind(String after) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        String first = name(after);
        each(top, name -> {
            if (name.compareTo(first) >= 0) {
                names.add(name);
            }
        });
        return names;
    }

    /** The first keys behind one in the folder of that name, in order; fewer than {@code limit} when there are no more. */
    Collection<String> keys(String folder, String after, int limit) throws IOException {
        TreeSet<String> first = new TreeSet<>();
        each(top.resolve(folder), key -> {
            if (key.compareTo(after) > 0 && isKey(key) && name(key).equals(folder)) {
                first.add(key);
                if (first.size() > limit) {
                    first.pollLast();
                }
            }
        });
        return first;
    }

    /** What is done with a name. */
    interface OnName {
        void accept(String name);
    }

    static void each(Path folder, OnName onName) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(child -> onName.accept(String.valueOf(child.getFileName())));
        } catch (FileSystemException e) {
            if (Files.isDirectory(folder)) {
                throw e;
            } // removed meanwhile, or none of ours
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
