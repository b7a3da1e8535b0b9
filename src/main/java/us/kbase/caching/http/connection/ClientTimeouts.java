package us.kbase.caching.http.connection;

import java.time.Duration;

/**
 * How long a client may take, so that one that is silent or slow on purpose does not keep what others need.
 *
 * @param head from the first byte of a request to the end of its headers; then the connection is closed
 * @param body a body that brings less than {@code bodyBytesMin} in this time, all of it waited for, is answered 408
 * @param bodyBytesMin see {@code body}
 * @param linger how long the rest of a refused body is read and dropped, so that its sender gets to read the answer
 * @param reader a download of which nothing is taken for so long is cut
 * @param turn how long an upload waits for memory, in which it would have begun; then 503
 */
public record ClientTimeouts(
        Duration head, Duration body, long bodyBytesMin, Duration linger, Duration reader, Duration turn) {

    /** 10 s for headers, 1000 bytes a second over 20 s for bodies, a minute for readers, three minutes for a turn. */
    public static final ClientTimeouts USUAL = new ClientTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            20_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(3));

    /** The same with another time to wait for a turn. */
    public ClientTimeouts withTurn(Duration other) {
        return new ClientTimeouts(head, body, bodyBytesMin, linger, reader, other);
    }

    /** A head that takes longer gives way when there is no room for another connection: a tenth of {@code head}, 1 s usually. */
    Duration slowHead() {
        return head.dividedBy(10);
    }

    /** What would be answered at once waits for memory as long as a head may take, 10 s usually; then 503. */
    public Duration memory() {
        return head;
    }

    /** A connection without a request is closed after so long: five times what a reader gets, 300 s usually. */
    public Duration idle() {
        return reader.multipliedBy(5);
    }

    /** A reply in memory of which nothing is taken for so long is cut: half of what a download's reader gets, 30 s usually. */
    public Duration reply() {
        return reader.dividedBy(2);
    }
}
