package us.kbase.caching.cli.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.X5455_ExtendedTimestamp;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipLong;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.cli.client.LocalFault;

/**
 * A tree as a ZIP file of stored members, made piece by piece as it is read. Each file is read twice, first for its checksum, so that its
 * record stands before its bytes; one that changes in between ends the stream with a {@link LocalFault}. One thread.
 */
final class PackingStream extends InputStream {

    private static final int PIECE_BYTES = 64 << 10;

    /** MS-DOS times are local, so all are the earliest one; Unix time stands in a field of its own. */
    private static final LocalDateTime NO_DOS_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Iterator<Tree.Leaf> leaves;
    private final Made made = new Made();
    private final ZipArchiveOutputStream zip = new ZipArchiveOutputStream(made);
    private final byte[] piece = new byte[PIECE_BYTES];
    private @Nullable OpenFile open;
    private boolean finished;

    PackingStream(Tree tree, String comment) {
        this.leaves = tree.leaves().iterator();
        zip.setEncoding(StandardCharsets.UTF_8.name());
        zip.setUseZip64(Zip64Mode.AsNeeded);
        zip.setComment(comment);
    }

    /** A member whose time of MS-DOS is not its own. */
    private static final class Packed extends ZipArchiveEntry {
        Packed(String path) {
            super(path);
        }

        @Override
        public long getTime() {
            return NO_DOS_TIME.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        }
    }

    /** What was made of the archive and not yet read. */
    private static final class Made extends ByteArrayOutputStream {
        private int taken;

        boolean isEmpty() {
            return taken == count;
        }

        int take(byte[] into, int offset, int length) {
            int given = Math.min(length, count - taken);
            System.arraycopy(buf, taken, into, offset, given);
            taken += given;
            if (isEmpty()) {
                reset();
                taken = 0;
            }
            return given;
        }
    }

    /** A file that is being read for the second time. */
    private static final class OpenFile {
        private final Tree.Leaf leaf;
        private final InputStream in;
        private final long bytes;
        private final CRC32 expected;
        private final CRC32 seen = new CRC32();
        private long read;

        OpenFile(Tree.Leaf leaf, InputStream in, long bytes, CRC32 expected) {
            this.leaf = leaf;
            this.in = in;
            this.bytes = bytes;
            this.expected = expected;
        }

        /** The next bytes of the same content as before; negative at its end. */
        int next(byte[] piece) throws LocalFault {
            int count;
            try {
                count = in.read(piece);
            } catch (IOException e) {
                throw new LocalFault(leaf.file() + " cannot be read", e);
            }
            if (count >= 0) {
                seen.update(piece, 0, count);
                read += count;
            }
            boolean same = count >= 0 ? read <= bytes : read == bytes && seen.getValue() == expected.getValue();
            if (!same) {
                throw new LocalFault(leaf.file() + " changed while it was packed; nothing was published.");
            }
            return count;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (made.isEmpty() && !finished) {
            make();
        }
        return made.isEmpty() ? -1 : made.take(into, offset, length);
    }

    private void make() throws IOException {
        OpenFile file = open;
        if (file != null) {
            goOn(file);
        } else if (leaves.hasNext()) {
            begin(leaves.next());
        } else {
            zip.finish();
            finished = true;
        }
    }

    private void begin(Tree.Leaf leaf) throws IOException {
        switch (leaf.kind()) {
            case FILE -> beginFile(leaf);
            case LINK -> {
                byte[] target = Files.readSymbolicLink(leaf.file()).toString().getBytes(StandardCharsets.UTF_8);
                CRC32 crc = new CRC32();
                crc.update(target);
                put(leaf, target.length, crc);
                zip.write(target);
                zip.closeArchiveEntry();
            }
            default -> {
                put(leaf, 0, new CRC32());
                zip.closeArchiveEntry();
            }
        }
    }

    private void beginFile(Tree.Leaf leaf) throws IOException {
        CRC32 crc = new CRC32();
        long bytes = 0;
        try (InputStream in = Files.newInputStream(leaf.file())) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                crc.update(piece, 0, count);
                bytes += count;
            }
            InputStream again = Files.newInputStream(leaf.file());
            open = new OpenFile(leaf, again, bytes, crc);
            put(leaf, bytes, crc);
        } catch (IOException e) {
            throw new LocalFault(leaf.file() + " cannot be read", e);
        }
    }

    private void put(Tree.Leaf leaf, long bytes, CRC32 crc) throws IOException {
        ZipArchiveEntry entry = new Packed(leaf.path());
        entry.setMethod(ZipArchiveEntry.STORED);
        entry.setSize(bytes);
        entry.setCrc(crc.getValue());
        entry.setUnixMode(leaf.mode());
        long seconds = leaf.modified().getEpochSecond();
        if (seconds == (int) seconds) {
            X5455_ExtendedTimestamp time = new X5455_ExtendedTimestamp();
            time.setModifyTime(new ZipLong(seconds & 0xffff_ffffL));
            entry.addExtraField(time);
        }
        zip.putArchiveEntry(entry);
    }

    private void goOn(OpenFile file) throws IOException {
        int count = file.next(piece);
        if (count < 0) {
            close();
            zip.closeArchiveEntry();
        } else {
            zip.write(piece, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        OpenFile file = open;
        open = null;
        if (file != null) {
            file.in.close();
        }
    }
}
