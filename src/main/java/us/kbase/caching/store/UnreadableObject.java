package us.kbase.caching.store;

import java.io.IOException;

/** An object is there, and its own bytes cannot be read at the moment: that says nothing of its neighbours. */
public final class UnreadableObject extends IOException {

    private static final long serialVersionUID = 1L;

    /** The object of that key. */
    public UnreadableObject(String key, IOException cause) {
        super("the object " + key + " cannot be read: " + cause.getMessage(), cause);
    }
}
