package us.kbase.caching.once;

import java.util.List;

/**
 * One line of a history.
 *
 * @param millis when, by the machine's clock, which all processes share
 * @param worker who
 * @param kind what
 * @param job the job's name
 * @param fencing the lease's number, 0 without one
 * @param content what the result said, empty where there is none
 */
record Event(long millis, String worker, Kind kind, String job, long fencing, String content) {

    enum Kind {
        /** Began to wait for the file or the lease. */
        WAITS,
        /** Waits no more: the gateway died, or said that somebody else still computes. */
        LEFT,
        /** Got the lease. */
        LEASED,
        /** Began to upload: whether it takes effect is not known until it is answered. */
        UPLOADS,
        /** The upload was acknowledged. */
        PUBLISHED,
        /** The upload was refused with 409. */
        REFUSED,
        /** Downloaded a result. */
        READ,
        /** Began to delete the entry: whether it takes effect is not known until it is answered. */
        DELETES,
        /** The deletion was acknowledged. */
        DELETED,
        /** An ordinary call, which waits for nobody, was answered late: it took {@code fencing} milliseconds. */
        SLOW
    }

    static Event parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        return new Event(
                Long.parseLong(fields.get(0)),
                fields.get(1),
                Kind.valueOf(fields.get(2)),
                fields.get(3),
                Long.parseLong(fields.get(4)),
                fields.get(5));
    }

    String line() {
        return millis + " " + worker + " " + kind + " " + job + " " + fencing + " " + content;
    }
}
