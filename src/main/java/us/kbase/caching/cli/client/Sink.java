package us.kbase.caching.cli.client;

/** Takes the bytes of one result; closed without {@link #commit}, it leaves as little as it can. One thread. */
interface Sink extends AutoCloseable {

    /** Writes the first bytes of the array. */
    void write(byte[] bytes, int count) throws LocalFault;

    /** Says that all bytes were written. */
    void commit() throws LocalFault;

    @Override
    void close();
}
