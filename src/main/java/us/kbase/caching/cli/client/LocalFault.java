package us.kbase.caching.cli.client;

import java.io.IOException;
import us.kbase.caching.failure.Reason;

/** This machine could not read or write a file, so no repetition helps. The message is a sentence that names the file. */
public final class LocalFault extends IOException {

    private static final long serialVersionUID = 1L;

    /** A fault that a whole sentence tells. */
    public LocalFault(String sentence) {
        super(sentence);
    }

    /** A fault of the file system: what could not be done, such as "a.bam cannot be written", and why. */
    public LocalFault(String what, IOException why) {
        super(what + ": " + Reason.clause(why) + ".", why);
    }

    /** What should have been written, and why it cannot be. */
    public static LocalFault unwritable(Object target, IOException why) {
        return new LocalFault(target + " cannot be written", why);
    }
}
