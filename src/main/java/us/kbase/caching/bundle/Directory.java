package us.kbase.caching.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import us.kbase.caching.failure.Failure;

/**
 * The central directory of a bundle, held as the bytes that it is: its members are read anew each time, so ten thousand of them cost
 * what they cost in the file. Any thread.
 */
public final class Directory implements Iterable<Member> {

    private static final long ZIP64_FROM = 0xffff_ffffL;

    /** Both lengths, which always stand there together (section 4.5.3). */
    private static final int ZIP64_LOCAL_BYTES = 20;

    private final byte[] bytes;
    private final int from;
    private final EndRecord end;

    private Directory(byte[] bytes, int from, EndRecord end) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
    }

    /**
     * Reads a directory.
     *
     * @param bytes hold it from {@code from} on; not copied
     * @throws Failure.NotABundle unless every member can be described
     */
    public static Directory of(byte[] bytes, int from, EndRecord end) {
        Directory directory = new Directory(bytes, from, end);
        int members = 0;
        for (Member ignored : directory) {
            members++;
        }
        if (members != end.members()) {
            throw Fields.damaged("its directory has more members than its end says");
        }
        return directory;
    }

    /** How many members it has. */
    public int members() {
        return end.members();
    }

    /** Where it begins in the file: no member's bytes lie behind that. */
    public long start() {
        return end.directoryStart();
    }

    /** The archive's comment, its bytes as characters. */
    public String comment() {
        return end.comment();
    }

    /** The members in the directory's order. */
    @Override
    public Iterator<Member> iterator() {
        return new Iterator<>() {
            private int at = from;

            @Override
            public boolean hasNext() {
                return at < from + end.directoryBytes();
            }

            @Override
            public Member next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int record = at;
                at = Member.end(bytes, at, from + end.directoryBytes());
                return Member.of(bytes, record, end.directoryStart());
            }
        };
    }

    /**
     * The only file or link of that path, if there is one.
     *
     * @throws Failure.NotABundle when there are two: readers differ in which of them counts
     */
    public Optional<Member> find(String path) {
        byte[] asked = path.getBytes(StandardCharsets.UTF_8);
        Optional<Member> found = Optional.empty();
        int limit = from + end.directoryBytes();
        for (int at = from; at < limit; ) {
            int next = Member.end(bytes, at, limit);
            if (MemberName.mayBe(bytes, at, asked)) {
                Member member = Member.of(bytes, at, end.directoryStart());
                if (member.path().equals(path)) {
                    if (found.isPresent()) {
                        throw new Failure.NotABundle("The ZIP file has two files of the name " + member.shownPath());
                    }
                    found = Optional.of(member);
                }
            }
            at = next;
        }
        return found;
    }

    /**
     * Where a member of this directory ends at the latest: where the next one begins, or the directory.
     *
     * @throws Failure.NotABundle when another member lies on its bytes, as in an archive that is made to grow beyond all measure
     */
    public long endOf(Member member) {
        long next = end.directoryStart();
        boolean seen = false;
        int limit = from + end.directoryBytes();
        for (int at = from; at < limit; at = Member.end(bytes, at, limit)) {
            Extent other = Extent.of(bytes, at);
            boolean same = other.offset() == member.offset();
            if ((same && seen) || (other.offset() < member.offset() && other.endMin() > member.offset())) {
                throw overlapping(member);
            }
            seen |= same;
            if (other.offset() > member.offset()) {
                next = Math.min(next, other.offset());
            }
        }
        if (member.extent().endMin() > next) {
            throw overlapping(member);
        }
        return next;
    }

    /**
     * All members in the order in which they lie in the archive, held in memory.
     *
     * @throws Failure.NotABundle when two of them share bytes
     */
    public List<Member> inOrder() {
        List<Member> ordered = new ArrayList<>();
        forEach(ordered::add);
        ordered.sort(Comparator.comparingLong(Member::offset));
        for (int i = 1; i < ordered.size(); i++) {
            if (ordered.get(i - 1).extent().endMin() > ordered.get(i).offset()) {
                throw overlapping(ordered.get(i));
            }
        }
        return ordered;
    }

    private static Failure.NotABundle overlapping(Member member) {
        return new Failure.NotABundle(
                "The file " + member.shownPath() + " and another one share bytes of the ZIP file");
    }

    /**
     * Where a member's bytes begin, if that can be told without its header: nothing stands between its bytes and what comes next, and its
     * header is as long as its record says. Two accounts that agree; of most archives that were written in one go.
     *
     * @param endMax as {@link #endOf} tells
     */
    public static Optional<Long> dataStart(Member member, long endMax) {
        long byRecord = member.offset()
                + LocalHeader.BYTES
                + member.rawName().length()
                + member.extraBytes()
                + (member.bytes() >= ZIP64_FROM ? ZIP64_LOCAL_BYTES : 0);
        return !member.hasDescriptor() && byRecord + member.keptBytes() == endMax
                ? Optional.of(byRecord)
                : Optional.empty();
    }
}
