package us.kbase.caching.memory;

/** How much of the common part one kind may borrow, and how much of its own part is for users who have little. */
enum Claim {
    /** All of it, and nothing set aside: what is no user's, and gives way to newcomers. */
    ALL {
        @Override
        long setAsideBytes(long ownBytes) {
            return 0;
        }
    },

    /** All of it, however much it is: what users hold for moments only. */
    ALL_FOR_MOMENTS,

    /** Twice what it leaves to the other kinds: what others' pace may hold for hours leaves room to be heard and answered. */
    TWICE_THE_REST {
        @Override
        long mostBytes(long borrowedBytes, long freeBytes) {
            return (borrowedBytes + freeBytes) / 3 * 2;
        }
    };

    /** How much of its own part a kind keeps for users who have little: what lies in the common part may all be lent to other kinds. */
    long setAsideBytes(long ownBytes) {
        return ownBytes / 4;
    }

    /** The most that a kind may have borrowed, where it has borrowed so much and so much is free. */
    long mostBytes(long borrowedBytes, long freeBytes) {
        return borrowedBytes + freeBytes;
    }
}
