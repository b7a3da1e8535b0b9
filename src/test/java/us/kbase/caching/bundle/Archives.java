package us.kbase.caching.bundle;

import java.util.Arrays;

/** Reads whole archives as {@link BundleReader} does, without a store. */
final class Archives {

    private Archives() {}

    static Directory directory(HandmadeZip zip) {
        return directory(zip.bytes());
    }

    static Directory directory(byte[] archive) {
        byte[] tail = Arrays.copyOfRange(archive, Math.max(0, archive.length - EndRecord.TAIL_BYTES), archive.length);
        EndRecord end = EndRecord.of(tail, archive.length);
        int from = (int) end.directoryStart();
        return Directory.of(Arrays.copyOfRange(archive, from, from + end.directoryBytes()), 0, end);
    }
}
