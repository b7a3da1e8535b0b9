package us.kbase.caching.cli.client;

import java.io.IOException;
import java.io.OutputStream;

/** Writes on to something that has its bytes at once and cannot be taken back. */
final class StreamSink implements Sink {

    private final OutputStream out;
    private final String name;

    StreamSink(OutputStream out, String name) {
        this.out = out;
        this.name = name;
    }

    @Override
    public void write(byte[] bytes, int count) throws LocalFault {
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw LocalFault.unwritable(name, e);
        }
    }

    @Override
    public void commit() throws LocalFault {
        try {
            out.close();
        } catch (IOException e) {
            throw LocalFault.unwritable(name, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException alreadyFailed) {
            // The transfer's own failure tells more.
            return;
        }
    }
}
