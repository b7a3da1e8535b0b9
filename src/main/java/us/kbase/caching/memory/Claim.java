package us.kbase.caching.memory;

/** How much of the common part one kind may borrow. */
enum Claim {
    /** All of it: what lets a client in and gives way to newcomers, and what is held for moments only, however much it is. */
    ALL {
        @Override
        long mostBytes(long borrowedBytes, long freeBytes) {
            return borrowedBytes + freeBytes;
        }
    },

    /** Twice what it leaves to the other kinds: what others' pace may hold for hours leaves room to be heard and answered. */
    TWICE_THE_REST {
        @Override
        long mostBytes(long borrowedBytes, long freeBytes) {
            return (borrowedBytes + freeBytes) / 3 * 2;
        }
    };

    /** The most that a kind may have borrowed, where it has borrowed so much and so much is free. */
    abstract long mostBytes(long borrowedBytes, long freeBytes);
}
