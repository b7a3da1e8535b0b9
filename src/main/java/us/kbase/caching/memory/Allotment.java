package us.kbase.caching.memory;

/**
 * The bytes of one kind: its own part, of which some is set aside for whoever has little, and what it has borrowed of the common part. Not
 * safe for threads: its owner guards it.
 */
final class Allotment {

    private final long ownBytes;
    private final long setAsideBytes;
    private final CommonPart common;
    private final Claim claim;
    private long usedBytes;
    private long borrowedBytes;

    private Allotment(long ownBytes, long setAsideBytes, CommonPart common, Claim claim) {
        this.ownBytes = ownBytes;
        this.setAsideBytes = setAsideBytes;
        this.common = common;
        this.claim = claim;
    }

    /** One that borrows. */
    static Allotment borrowing(long ownBytes, CommonPart common, Claim claim) {
        return new Allotment(ownBytes, claim.setAsideBytes(ownBytes), common, claim);
    }

    /** One that stands alone, with nothing set aside. */
    static Allotment alone(long bytes) {
        return new Allotment(bytes, 0, new CommonPart(0), Claim.ALL);
    }

    long usedBytes() {
        return usedBytes;
    }

    /** What could be taken at most. */
    long limitBytes() {
        return ownBytes + claim.mostBytes(0, common.limitBytes());
    }

    /** What anybody could take now. */
    long freeBytes() {
        return Math.max(0, common.freeBytes(borrowedBytes, claim) - missing(0));
    }

    /**
     * Takes the bytes if there is room.
     *
     * @param little for who has little, also of what is set aside
     */
    boolean take(long bytes, boolean little) {
        long missing = missing(bytes);
        if (!borrow(missing) && !borrow(missing - (little ? setAsideBytes : 0))) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    private boolean borrow(long bytes) {
        if (bytes > 0 && !common.tryLend(bytes, borrowedBytes, claim)) {
            return false;
        }
        borrowedBytes += Math.max(0, bytes);
        return true;
    }

    /** How much of what is used, and so many bytes more, is neither borrowed nor of the own part without what is set aside. */
    private long missing(long more) {
        return usedBytes + more - (ownBytes - setAsideBytes) - borrowedBytes;
    }

    /** Whoever waits for the common part, of any kind, may find room now. Without the owner's guard. */
    void serveOthers() {
        common.serveWaiting();
    }

    /** Gives back; true where something went back to the common part. */
    boolean giveBack(long bytes) {
        usedBytes -= bytes;
        long unneeded = Math.min(borrowedBytes, Math.max(0, -missing(0)));
        common.takeBack(unneeded);
        borrowedBytes -= unneeded;
        return unneeded > 0;
    }
}
