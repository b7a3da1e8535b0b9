package us.kbase.caching.store;

import us.kbase.caching.stream.ByteSource;

/**
 * An object being read; whoever gets it reads the bytes to their end or cancels them.
 *
 * @param stored the whole object
 * @param startBytes where the bytes begin in it
 * @param lengthBytes how many will come
 * @param bytes the bytes
 */
public record Download(Stored stored, long startBytes, long lengthBytes, ByteSource bytes) {

    /** Whether all of the object comes. */
    public boolean isWhole() {
        return startBytes == 0 && lengthBytes == stored.lengthBytes();
    }

    /** The same, its bytes from another source. */
    public Download withBytes(ByteSource other) {
        return new Download(stored, startBytes, lengthBytes, other);
    }
}
