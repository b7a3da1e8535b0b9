package us.kbase.caching.failure;

import org.jspecify.annotations.Nullable;

/**
 * A named refusal or fault. Its message is one sentence for the client and never holds a secret; the cause, if any, is for
 * the log. Made without a stack trace, since most of these are answers and not bugs.
 */
public sealed class Failure extends RuntimeException {

    private Failure(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    /** The id names nothing that the caller could see. */
    public static final class NotFound extends Failure {
        /** A failure with the original service's text. */
        public NotFound() {
            super("Cache ID not found", null);
        }

        /** The same for something below an id; the message goes to the client as it is. */
        public NotFound(String message) {
            super(message, null);
        }
    }

    /** The caller is known and may not do this. */
    public static final class Forbidden extends Failure {
        /** A failure whose message goes to the client as it is. */
        public Forbidden(String message) {
            super(message, null);
        }
    }

    /** The request is wrong: it changes nothing and repeating it will not help. */
    public static final class BadInput extends Failure {
        /** A failure whose message goes to the client as it is. */
        public BadInput(String message) {
            super(message, null);
        }
    }

    /** The lease that the request names does not hold: it was taken over, released, or ended by an upload or a deletion. */
    public static final class LeaseLost extends Failure {
        /** A failure with one sentence for all of these. */
        public LeaseLost() {
            super("The lease does not hold any more; nothing was changed", null);
        }
    }

    /** The files of a result cannot be shown, since it is no ZIP file or one that two readers could understand differently. */
    public static final class NotABundle extends Failure {
        /** A failure whose message goes to the client as it is. */
        public NotABundle(String message) {
            super(message, null);
        }
    }

    /** What the request demands of the result that is there does not hold (RFC 9110 section 13). */
    public static final class PreconditionFailed extends Failure {
        /** A failure that names the header whose condition does not hold. */
        public PreconditionFailed(String header) {
            super("The result that is there is not as " + header + " demands; nothing was changed", null);
        }
    }

    /** What is asked for cannot be had from this store. */
    public static final class Unsupported extends Failure {
        /** A failure whose message goes to the client as it is. */
        public Unsupported(String message) {
            super(message, null);
        }
    }

    /** The request's body exceeds a configured limit. */
    public static final class TooLarge extends Failure {
        /** A failure whose message goes to the client as it is. */
        public TooLarge(String message) {
            super(message, null);
        }
    }

    /** The client sent too little for too long. */
    public static final class TooSlow extends Failure {
        /** A failure whose message goes to the client as it is. */
        public TooSlow(String message) {
            super(message, null);
        }
    }

    /** The client's connection ended before its request did; nobody is left to answer. */
    public static final class ClientGone extends Failure {
        /** A failure with the event that showed it. */
        public ClientGone(@Nullable Throwable cause) {
            super("The client closed the connection before its request ended", cause);
        }
    }

    /** The asked range lies outside the file. */
    public static final class RangeNotSatisfiable extends Failure {
        private final long length;

        /** A failure for a file of that many bytes. */
        public RangeNotSatisfiable(long lengthBytes) {
            super("The requested range lies outside the file", null);
            this.length = lengthBytes;
        }

        /** The length of the whole file in bytes. */
        public long lengthBytes() {
            return length;
        }
    }

    /** No room at the moment: trying again later helps. */
    public static final class Busy extends Failure {
        /** A failure whose message goes to the client as it is. */
        public Busy(String message) {
            super(message, null);
        }
    }

    /** The caller does more than one user may: trying again later helps, and others are served meanwhile. */
    public static final class TooMany extends Failure {
        private final long retrySeconds;

        /** A failure whose message goes to the client as it is, with the seconds after which it may try again. */
        public TooMany(String message, long retrySeconds) {
            super(message, null);
            this.retrySeconds = retrySeconds;
        }

        /** After so many seconds it may be otherwise; at least 1. */
        public long retrySeconds() {
            return retrySeconds;
        }
    }

    /** A server below us (S3, auth, disk) failed or could not be reached; nothing was published. */
    public static final class Upstream extends Failure {
        /** A failure that the client may retry. */
        public Upstream(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The place where results are kept takes nothing new; it serves what it has. */
    public static final class StorageFull extends Failure {
        /** A failure with the write error that showed it. */
        public StorageFull(@Nullable Throwable cause) {
            super("The store has no space left", cause);
        }

        /** The same for another reason why nothing can be kept; the message goes to the client as it is. */
        public StorageFull(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
