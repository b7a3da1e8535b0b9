package us.kbase.caching.failure;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Why something failed, in words for an operator. */
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
            new Words("No route to host", "there is no route to it"),
            new Words("Network is unreachable", "this machine has no network to it"),
            new Words(
                    "not an SSL/TLS record", "it does not speak TLS on that port: write http://, or name its TLS port"),
            new Words(
                    "unable to find valid certification path",
                    "its certificate comes from a CA that is not known here: for S3 name that CA's PEM file in store.s3.ca-file"),
            new Words(
                    "PKIX path",
                    "its certificate cannot be traced to a CA that is known here: for S3 check store.s3.ca-file"),
            new Words(
                    "No subject alternative", "its certificate is for another host name: take the name that it is for"),
            new Words("No name matching", "its certificate is for another host name: take the name that it is for"),
            new Words("certificate_required", "it wants a certificate of ours, which we have none of"),
            new Words("Received fatal alert", "it ended the attempt to speak TLS"),
            new Words("No space left on device", "the disk is full: make room"),
            new Words("Disk quota exceeded", "the disk quota is used up: make room"),
            new Words("Read-only file system", "the file system is read-only: mount it for writing"),
            new Words("Too many open files", "this process may open no more files: raise the limit (ulimit -n)"),
            new Words("Not a directory", "a part of the path is a file, not a folder"),
            new Words("Is a directory", "it is a folder, not a file"),
            new Words("Permission denied", "this user may not (permission denied)"),
            new Words("Operation not permitted", "this user may not (operation not permitted)"),
            new Words("Input/output error", "the disk fails (input/output error)"));

    private Reason() {}

    /** What failed, and the innermost cause of it, in the fullest form: what lies between are wrappers that name themselves. */
    public static String of(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < DEPTH_MAX && innermost.getCause() != null; i++) {
            Throwable inner = innermost.getCause();
            if (innermost != failure && saysMore(innermost, inner)) {
                break;
            }
            innermost = inner;
        }
        String what = String.valueOf(failure.getMessage());
        return innermost == failure || innermost.getMessage() == null ? what : what + ": " + words(innermost);
    }

    /** Why something failed, by its innermost cause alone: a clause without a full stop. */
    public static String why(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < DEPTH_MAX && innermost.getCause() != null; i++) {
            innermost = innermost.getCause();
        }
        return words(innermost);
    }

    /** The transport's errors repeat their cause and add the address. */
    private static boolean saysMore(Throwable outer, Throwable inner) {
        return inner.getMessage() != null && String.valueOf(outer.getMessage()).startsWith(inner.getMessage() + ":");
    }

    private static String words(Throwable cause) {
        String said = said(cause);
        return TABLE.stream()
                .filter(row -> said.contains(row.part()))
                .findFirst()
                .map(row -> row.meaning() + address(said))
                .orElse(said);
    }

    private static String said(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnknownHostException host -> "the host name " + message.replaceFirst(":.*", "") + " is not known here";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> "this user may not use " + denied.getFile() + " (permission denied)";
            case FileSystemException file -> file.getReason() == null ? message : file.getReason();
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
