package us.kbase.caching.http;

import java.time.Duration;

/**
 * How long a client may take, so that one that is silent or slow on purpose does not keep what others need.
 *
 * @param head from the first byte of a request to the end of its headers; then the connection is closed
 * @param body a body that brings less than {@code bodyBytesMin} in this time, all of it waited for, is answered 408
 * @param bodyBytesMin see {@code body}
 * @param linger how long the rest of a refused body is read and dropped, so that its sender gets to read the answer
 * @param reader a download of which nothing is taken for so long is cut
 */
public record Patience(Duration head, Duration body, long bodyBytesMin, Duration linger, Duration reader) {

    /** 10 s for headers, 1000 bytes a second over 20 s for bodies, a minute for readers. */
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(10), Duration.ofSeconds(20), 20_000, Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** A connection without a request is closed after so long: five times what a reader gets, 300 s usually. */
    public Duration idle() {
        return reader.multipliedBy(5);
    }

    /** A reply in memory of which nothing is taken for so long is cut: half of what a download's reader gets, 30 s usually. */
    public Duration reply() {
        return reader.dividedBy(2);
    }
}
