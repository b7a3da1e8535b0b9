package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;

/** A member's own bytes on their way to where they belong, inflated where they are deflated, and checked at their end. One thread. */
final class MadeFile implements AutoCloseable {

    private static final int PIECE_BYTES = 64 << 10;

    private final Member member;
    private final OutputStream out;
    private final Ending ending;
    private final CRC32 crc = new CRC32();
    private final @Nullable Inflater inflater;
    private final byte[] piece;
    private long bytes;

    /** What is done when all bytes were written and are right. */
    interface Ending {
        void end() throws IOException;
    }

    MadeFile(Member member, OutputStream out, Ending ending) {
        this.member = member;
        this.out = out;
        this.ending = ending;
        this.inflater = member.isStored() ? null : new Inflater(true);
        this.piece = new byte[member.isStored() ? 0 : PIECE_BYTES];
    }

    /** Takes bytes as they are kept. */
    void write(byte[] kept, int offset, int count) throws IOException {
        Inflater inflates = inflater;
        if (inflates == null) {
            written(kept, offset, count);
            return;
        }
        inflates.setInput(kept, offset, count);
        try {
            int some = inflates.inflate(piece);
            while (some > 0) {
                written(piece, 0, some);
                some = inflates.inflate(piece);
            }
        } catch (DataFormatException e) {
            throw damaged();
        }
        if (inflates.getRemaining() > 0) {
            throw damaged();
        }
    }

    private void written(byte[] own, int offset, int count) throws IOException {
        bytes += count;
        if (bytes > member.bytes()) {
            throw damaged(); // before it fills the disk
        }
        crc.update(own, offset, count);
        out.write(own, offset, count);
    }

    /** Says that all were given. Some file systems tell only now that they had no room. */
    void end() throws IOException {
        endInflater();
        out.close();
        if (bytes != member.bytes() || (int) crc.getValue() != member.crc32()) {
            throw damaged();
        }
        ending.end();
    }

    private LocalFault damaged() {
        return new LocalFault(PathRules.shown(member.path()) + " is damaged in the result; nothing was written.");
    }

    private void endInflater() {
        if (inflater != null) {
            inflater.end();
        }
    }

    /** Gives it up. */
    @Override
    public void close() {
        endInflater();
        try {
            out.close();
        } catch (IOException unwanted) {
            // What was written is removed.
            return;
        }
    }
}
