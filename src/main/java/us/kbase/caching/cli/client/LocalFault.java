package us.kbase.caching.cli.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** This machine could not read or write a file, so no repetition helps. The message is a sentence that names the file. */
public final class LocalFault extends IOException {

    private static final long serialVersionUID = 1L;

    /** A fault that a whole sentence tells. */
    public LocalFault(String sentence) {
        super(sentence);
    }

    /** A fault of the file system: what could not be done, such as "a.bam cannot be written", and why. */
    public LocalFault(String what, IOException why) {
        super(what + ": " + words(why) + ".", why);
    }

    /** What should have been written, and why it cannot be. */
    public static LocalFault unwritable(Object target, IOException why) {
        return new LocalFault(target + " cannot be written", why);
    }

    /** Says why a file could not be used. The file system's own messages are sometimes nothing but the file's name. */
    public static String words(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "no such file or folder";
            case AccessDeniedException e -> "permission denied";
            case NotDirectoryException e -> "a part of its path is no folder";
            case FileAlreadyExistsException e -> "there is a file of that name";
            case FileSystemException e ->
                lowered(e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
            default -> lowered(String.valueOf(failure.getMessage()));
        };
    }

    private static String lowered(String reason) {
        return reason.isEmpty() ? reason : Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }
}
