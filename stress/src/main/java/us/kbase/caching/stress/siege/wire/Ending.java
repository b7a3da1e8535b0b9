package us.kbase.caching.stress.siege.wire;

/** How a visit ended. */
public enum Ending {
    /** No connection was made. */
    NO_CONNECTION,
    /** The server closed without a reply. */
    CLOSED,
    /** The server reset the connection, with a reply before or without. */
    RESET,
    /** The first reply was of the class 2xx. */
    GOOD,
    /** The first reply was of the class 1xx, 3xx or 4xx. */
    REFUSED,
    /** The first reply was of the class 5xx. */
    UNAVAILABLE,
    /** The client left by its own will before any reply. */
    LEFT;

    /** The ending of a visit whose first reply had this status. */
    static Ending ofStatus(int status) {
        return switch (status / 100) {
            case 2 -> GOOD;
            case 5 -> UNAVAILABLE;
            default -> REFUSED;
        };
    }
}
