package us.kbase.caching.cli.client;

import java.io.IOException;

/** Takes the bytes of one result; closed without {@link #commit}, it leaves as little as it can. One thread. */
public interface Sink extends AutoCloseable {

    /** What a sink can be opened for. */
    interface Target {
        /** Opens it for one result. */
        Sink open() throws LocalFault;

        /** Tells whether a result of that media type may go there; an empty text where the gateway names none. */
        default boolean wants(String type) {
            return true;
        }
    }

    /** The result is of a type that its target does not want; none of it was written. */
    final class Unwanted extends IOException {
        private static final long serialVersionUID = 1L;

        Unwanted(String type) {
            super("The result is of the type " + type + ".");
        }
    }

    /** Writes the first bytes of the array. */
    void write(byte[] bytes, int count) throws LocalFault;

    /** Says that all bytes were written. */
    void commit() throws LocalFault;

    @Override
    void close();
}
