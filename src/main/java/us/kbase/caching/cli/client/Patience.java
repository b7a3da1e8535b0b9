package us.kbase.caching.cli.client;

import java.time.Duration;

/**
 * How long a transfer may stand still. Time counts only while the gateway owes something: not while a slow reader behind a pipe, or
 * a slow disk, holds it up.
 *
 * @param answer until a download's answer begins
 * @param silence between two pieces of a download
 * @param taking between two pieces of an upload that the gateway takes, and from the last one to its answer
 */
public record Patience(Duration answer, Duration silence, Duration taking) {

    /** A gateway lets a new transfer wait for its turn for 180 s, and cuts a download that its store does not go on with after 20 s. */
    public static final Patience USUAL =
            new Patience(Duration.ofSeconds(200), Duration.ofSeconds(30), Duration.ofSeconds(300));

    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** Makes a download end, if it stands still, when this time is over, but lets it stand still for 5 s in any case. */
    public Patience downloadingWithin(Duration left) {
        Duration most = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
        return new Patience(shorter(answer, most), shorter(silence, most), taking);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
