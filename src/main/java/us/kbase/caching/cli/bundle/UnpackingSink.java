package us.kbase.caching.cli.bundle;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.bundle.LocalHeader;
import us.kbase.caching.bundle.Member;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Sink;
import us.kbase.caching.failure.Failure;

/**
 * Unpacks an archive while it comes: the directory is known, so each piece is skipped, a header that is compared with the directory, or
 * bytes of a file. One thread.
 */
final class UnpackingSink implements Sink {

    private final Iterator<Member> members;
    private final Staging staging;
    private final MadeTree made;
    private byte[] head = new byte[LocalHeader.BYTES];
    private int headBytes;
    private long position;
    private long left;
    private @Nullable Member member;
    private @Nullable MadeFile file;

    /**
     * Makes the tree there.
     *
     * @param members in the order in which they lie in the archive
     * @param rootDepth how many folders of a path are the target itself
     */
    UnpackingSink(List<Member> members, Staging staging, int rootDepth, UnpackedTree.Times times) {
        this.members = members.iterator();
        this.staging = staging;
        this.made = new MadeTree(staging, rootDepth, times);
        this.member = next();
    }

    private @Nullable Member next() {
        headBytes = 0;
        return members.hasNext() ? members.next() : null;
    }

    @Override
    public void write(byte[] bytes, int count) throws LocalFault {
        try {
            staging.make(() -> {
                int at = 0;
                while (at < count) {
                    int taken = taken(bytes, at, count - at);
                    at += taken;
                    position += taken;
                }
            });
        } catch (Failure.NotABundle e) {
            throw new LocalFault(e.getMessage() + ".");
        } catch (LocalFault e) {
            throw e;
        } catch (IOException e) {
            throw LocalFault.unwritable("A file of the result", e);
        }
    }

    private int taken(byte[] bytes, int at, int count) throws IOException {
        Member now = member;
        if (now == null) {
            return count; // the directory, which is known
        }
        MadeFile open = file;
        if (open != null) {
            int some = (int) Math.min(left, count);
            open.write(bytes, at, some);
            left -= some;
            endIfWhole(open);
            return some;
        }
        if (position < now.offset()) {
            return (int) Math.min(now.offset() - position, count);
        }
        return headTaken(now, bytes, at, count);
    }

    private int headTaken(Member now, byte[] bytes, int at, int count) throws IOException {
        int some = Math.min(head.length - headBytes, count);
        System.arraycopy(bytes, at, head, headBytes, some);
        headBytes += some;
        if (headBytes == LocalHeader.BYTES && head.length == LocalHeader.BYTES) {
            head = java.util.Arrays.copyOf(head, LocalHeader.wholeBytes(head));
        }
        if (headBytes == head.length && headBytes > LocalHeader.BYTES) {
            LocalHeader.check(head, now);
            head = new byte[LocalHeader.BYTES];
            MadeFile begun = made.begin(now);
            file = begun;
            left = now.keptBytes();
            endIfWhole(begun);
        }
        return some;
    }

    private void endIfWhole(MadeFile open) throws IOException {
        if (left == 0) {
            file = null;
            member = next();
            open.end();
        }
    }

    @Override
    public void commit() throws LocalFault {
        if (member != null) {
            throw new LocalFault("The result ended before its files did.");
        }
        try {
            staging.make(made::finish);
            staging.place();
        } catch (LocalFault e) {
            throw e;
        } catch (IOException e) {
            throw LocalFault.unwritable("A file of the result", e);
        }
    }

    @Override
    public void close() {
        MadeFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
        staging.close();
    }
}
