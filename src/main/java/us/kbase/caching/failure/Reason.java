package us.kbase.caching.failure;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;

/**
 * Why something failed, in words for a person: the one table for the gateway and its commands. What systems and libraries say is often
 * a bare path, or nothing. Any thread.
 */
public final class Reason {

    private static final int DEPTH_MAX = 16;

    /** What systems and libraries say, by a part of it; the first that fits counts. */
    private record Words(String part, String meaning) {}

    private static final List<Words> TABLE = List.of(
            new Words("Connection refused", "nothing listens there (connection refused)"),
            new Words("connection timed out", "nobody answers the attempt to connect"),
            new Words("Connection timed out", "nobody answers the attempt to connect"),
            new Words(
                    "Connection was closed",
                    "it closed the connection without an answer: write https:// where it speaks TLS"),
            new Words("connect timed out", "nobody answers the attempt to connect"),
            new Words("request timed out", "it does not answer in time"),
            new Words("EOF reached while reading", "it closed the connection without an answer"),
            new Words("No route to host", "there is no route to it"),
            new Words("Network is unreachable", "this machine has no network to it"),
            new Words(
                    "not an SSL/TLS record", "it does not speak TLS on that port: write http://, or name its TLS port"),
            new Words(
                    "Unsupported or unrecognized SSL message",
                    "it does not speak TLS on that port: write http://, or name its TLS port"),
            new Words(
                    "unable to find valid certification path",
                    "its certificate comes from a CA that is not known here: for S3 name that CA's PEM file in store.s3.ca-file,"
                            + " for a command by --ca"),
            new Words(
                    "PKIX path",
                    "its certificate cannot be traced to a CA that is known here: for S3 check store.s3.ca-file"),
            new Words(
                    "No subject alternative", "its certificate is for another host name: take the name that it is for"),
            new Words("No name matching", "its certificate is for another host name: take the name that it is for"),
            new Words(
                    "certificate_required",
                    "it wants a certificate of ours (mutual TLS): a command shows one by --cert and --key"),
            new Words("SSL peer shut down", "it ended the attempt to speak TLS"),
            new Words("Received fatal alert", "it ended the attempt to speak TLS"),
            new Words("No space left on device", "the disk is full: make room"),
            new Words("Disk quota exceeded", "the disk quota is used up: make room"),
            new Words("File too large", "this process may write no file of that length: raise the limit (ulimit -f)"),
            new Words("Read-only file system", "the file system is read-only: mount it for writing"),
            new Words("Too many open files", "this process may open no more files: raise the limit (ulimit -n)"),
            new Words("Not a directory", "a part of the path is a file, not a folder"),
            new Words("Is a directory", "it is a folder, not a file"),
            new Words("Permission denied", "this user may not (permission denied)"),
            new Words("Operation not permitted", "this user may not (operation not permitted)"),
            new Words("Input/output error", "the disk fails (input/output error)"));

    /** What exceptions of a type mean whose message is a file's name, or is not there. */
    private record Kind(Class<? extends Throwable> type, String meaning) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(NoSuchFileException.class, "there is no such file or folder"),
            new Kind(AccessDeniedException.class, "this user may not (permission denied)"),
            new Kind(NotDirectoryException.class, "a part of the path is a file, not a folder"),
            new Kind(FileAlreadyExistsException.class, "there is a file of that name"),
            new Kind(UnresolvedAddressException.class, "the host name is not known here"),
            new Kind(ConnectException.class, "nothing listens there (connection refused)"));

    private Reason() {}

    /** What failed, and the innermost cause of it, in the fullest form: what lies between are wrappers that name themselves. */
    public static String of(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < DEPTH_MAX && innermost.getCause() != null; i++) {
            Throwable inner = innermost.getCause();
            if (innermost != failure && repeats(innermost, inner)) {
                break;
            }
            innermost = inner;
        }
        String what = String.valueOf(failure.getMessage());
        String cause = innermost.getMessage();
        return innermost == failure || cause == null || what.contains(cause) ? what : what + ": " + named(innermost);
    }

    /** Why something failed, by its innermost cause alone: a clause without a full stop, which names the file that it is about. */
    public static String why(Throwable failure) {
        return named(innermost(failure));
    }

    /** The same for a sentence that names the file, or the server, already. */
    public static String clause(Throwable failure) {
        return clauseOf(innermost(failure));
    }

    /** The deepest cause that says anything. */
    private static Throwable innermost(Throwable failure) {
        Throwable told = failure;
        Throwable inner = failure;
        for (int i = 0; i < DEPTH_MAX && inner.getCause() != null; i++) {
            inner = inner.getCause();
            told = inner.getMessage() != null || kind(inner).isPresent() ? inner : told;
        }
        return told;
    }

    /** The transport's errors repeat their cause and add the address. */
    private static boolean repeats(Throwable outer, Throwable inner) {
        return inner.getMessage() != null && String.valueOf(outer.getMessage()).startsWith(inner.getMessage() + ":");
    }

    private static String named(Throwable cause) {
        boolean saysNothingElse = cause instanceof NoSuchFileException || cause instanceof AccessDeniedException;
        return saysNothingElse ? ((FileSystemException) cause).getFile() + ": " + clauseOf(cause) : clauseOf(cause);
    }

    private static String clauseOf(Throwable cause) {
        String said = said(cause);
        return TABLE.stream()
                .filter(row -> said.contains(row.part()))
                .findFirst()
                .map(row -> row.meaning() + address(said))
                .or(() -> kind(cause))
                .orElseGet(() -> said.isEmpty() ? cause.getClass().getSimpleName() : said);
    }

    private static Optional<String> kind(Throwable cause) {
        return KINDS.stream()
                .filter(kind -> kind.type().isInstance(cause))
                .map(Kind::meaning)
                .findFirst();
    }

    /** Its own words; of the file system's what stands beside the names of files. */
    private static String said(Throwable cause) {
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        return switch (cause) {
            case UnknownHostException host -> "the host name " + message.replaceFirst(":.*", "") + " is not known here";
            case FileSystemException file -> file.getReason() == null ? "" : file.getReason();
            default -> message;
        };
    }

    /** Netty writes the address that it tried behind a name and a slash. */
    private static String address(String said) {
        int slash = said.lastIndexOf('/');
        String behind = slash < 0 ? "" : said.substring(slash + 1);
        return behind.matches("[0-9a-fA-F.:\\[\\]%]+:[0-9]+") ? ", " + behind : "";
    }
}
