package us.kbase.caching.auth;

/** The client on whose behalf the auth server is asked. Any thread. */
public interface Asker {

    /** Somebody of whom nothing is known, and who waits until the answer comes. */
    Asker UNKNOWN = new Asker() {
        @Override
        public String peer() {
            return "";
        }

        @Override
        public boolean left() {
            return false;
        }
    };

    /** In whose turn it waits: what a stranger has few of, such as the address that its connection comes from. Never shown. */
    String peer();

    /** Whether nobody waits for the answer any more. */
    boolean left();

    /** Whether the same token was good before: such a question goes ahead of strangers'. */
    default boolean knownBefore() {
        return false;
    }
}
